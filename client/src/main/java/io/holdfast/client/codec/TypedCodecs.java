// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.SharedObject;
import io.holdfast.protocol.v1.Value;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the codec of a Java type, as the table at {@link Codec} says. */
final class TypedCodecs {
    private final StandardCodec standard;
    private final Map<Class<?>, Codec<Object>> made = new ConcurrentHashMap<>();

    TypedCodecs(StandardCodec standard) {
        this.standard = standard;
    }

    /** The codec of that class, erased; values of other types must not be given to it. */
    Codec<Object> of(Class<?> type) {
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        Codec<Object> known = made.get(boxed);
        if (known == null) {
            known = make(boxed);
            made.put(boxed, known);
        }
        return known;
    }

    private Codec<Object> make(Class<?> type) {
        Codec<?> scalar = Scalars.of(type);
        if (scalar != null) {
            return erased(scalar);
        }
        if (standard.isRegistered(type) || type == Object.class || isCollection(type)) {
            return anything(type);
        }
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isEnum()) {
            return erased(enumCodec(type));
        }
        if (SharedObject.class.isAssignableFrom(type)) {
            return anything(type);
        }
        throw new IllegalArgumentException("There is no codec for " + type.getName() + ". Make it a record, or register"
                + " one: Codec.standard().with(name, " + type.getSimpleName()
                + ".class, toBytes, fromBytes) for the client's builder, or implement Codec<" + type.getSimpleName()
                + ">.");
    }

    private static boolean isCollection(Class<?> type) {
        return type == List.class || type == Collection.class || type == Map.class;
    }

    /** Records may contain themselves: components look their codecs up when they are first needed. */
    private Codec<Object> record(Class<?> type) {
        return erased(new RecordCodec<>(type, component -> new Lazily(this, component)));
    }

    /** The standard codec, for values of that type only. */
    private Codec<Object> anything(Class<?> type) {
        return new OfType(standard, type);
    }

    private static Codec<?> enumCodec(Class<?> type) {
        return new PlainCodec<Object>(
                "the name of a " + type.getName(),
                constant -> Values.text(((Enum<?>) type.cast(constant)).name()),
                value -> value.hasText() ? constantOf(type, value.getText()) : null);
    }

    static @Nullable Object constantOf(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        return null;
    }

    /** The codec of a generic type, where it stands in a record or an interface. */
    Codec<Object> of(Type type) {
        if (type instanceof Class<?> plain) {
            return of(plain);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (raw == List.class || raw == Collection.class) {
                return erased(new CollectionCodecs.OfList<>(nullable(arguments[0])));
            }
            if (raw == Set.class) {
                return erased(new CollectionCodecs.OfSet<>(nullable(arguments[0])));
            }
            if (raw == Map.class) {
                return erased(new CollectionCodecs.OfMap<>(nullable(arguments[0]), nullable(arguments[1])));
            }
            if (raw == Optional.class) {
                return erased(new CollectionCodecs.OfOptional(nullable(arguments[0])));
            }
            return of(raw);
        }
        return anything(Object.class);
    }

    private Codec<@Nullable Object> nullable(Type type) {
        return new CollectionCodecs.OfNullable<>(of(type));
    }

    @SuppressWarnings("unchecked") // callers keep to the type that they have asked for
    private static Codec<Object> erased(Codec<?> codec) {
        return (Codec<Object>) codec;
    }

    private record OfType(StandardCodec standard, Class<?> type) implements NestedCodec<Object> {
        @Override
        public Value encode(Object value, int depth) {
            return standard.encode(value, depth);
        }

        @Override
        public Object decode(Value value, int depth) {
            @Nullable Object decoded;
            try {
                decoded = value.hasReference() ? standard.resolve(value) : standard.decode(value, depth);
            } catch (IllegalArgumentException e) {
                throw PlainCodec.mismatch(value, type.getName(), e);
            }
            if (decoded == null || !type.isInstance(decoded)) {
                throw PlainCodec.mismatch(value, type.getName(), null);
            }
            return decoded;
        }
    }

    private record Lazily(TypedCodecs codecs, Type type) implements NestedCodec<Object> {
        @Override
        public Value encode(Object value, int depth) {
            return Nesting.encode(codecs.of(type), value, depth);
        }

        @Override
        public Object decode(Value value, int depth) {
            return Nesting.decode(codecs.of(type), value, depth);
        }
    }
}
