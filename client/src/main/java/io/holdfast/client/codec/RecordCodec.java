// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Value;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records as maps from component name to value, in order of declaration. Null components are null. */
final class RecordCodec<T> implements NestedCodec<T> {
    private final Class<T> type;
    private final Constructor<T> constructor;
    private final List<Component> components = new ArrayList<>();

    private record Component(String name, Class<?> type, Method accessor, Codec<Object> codec) {}

    /**
     * A new one.
     *
     * @param codecs gives each component's codec; called lazily where a record contains itself
     */
    RecordCodec(Class<T> type, Function<Type, Codec<Object>> codecs) {
        this.type = type;
        RecordComponent[] declared = type.getRecordComponents();
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its canonical constructor: " + type, e);
        }
        for (RecordComponent component : declared) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            components.add(new Component(
                    component.getName(), component.getType(), accessor, codecs.apply(component.getGenericType())));
        }
    }

    @Override
    public Value encode(T value, int depth) {
        MapValue.Builder map = MapValue.newBuilder();
        for (Component component : components) {
            @Nullable Object held = invoke(component, value);
            map.addEntries(MapEntry.newBuilder()
                    .setKey(Values.text(component.name()))
                    .setValue(held == null ? Values.NULL : Nesting.encode(component.codec(), held, depth + 1)));
        }
        return Value.newBuilder().setMap(map).build();
    }

    private @Nullable Object invoke(Component component, T value) {
        try {
            return component.accessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "The accessor " + component.name() + " of " + type.getName() + " cannot be called", e);
        }
    }

    private @Nullable Object argument(Component component, Value held, int depth) {
        @Nullable Object argument = Nesting.decode(Codec.nullable(component.codec()), held, depth);
        if (argument == null && component.type() == Optional.class) {
            return Optional.empty();
        }
        if (argument == null && component.type().isPrimitive()) {
            throw new DecodingException("There is no value for the component " + component.name() + " of "
                    + type.getName() + ", which cannot be null. Make its type nullable, or write it.");
        }
        return argument;
    }

    @Override
    public T decode(Value value, int depth) {
        if (!value.hasMap()) {
            throw PlainCodec.mismatch(value, "a map for the record " + type.getName(), null);
        }
        Map<String, Value> entries = new HashMap<>();
        value.getMap()
                .getEntriesList()
                .forEach(entry -> entries.put(entry.getKey().getText(), entry.getValue()));
        @Nullable Object[] arguments = new @Nullable Object[components.size()];
        for (int i = 0; i < arguments.length; i++) {
            Component component = components.get(i);
            arguments[i] = argument(component, entries.getOrDefault(component.name(), Values.NULL), depth + 1);
        }
        try {
            return constructor.newInstance(arguments);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new DecodingException("The constructor of " + type.getName() + " has refused what was read", e);
        }
    }
}
