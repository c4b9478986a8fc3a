// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.client.SharedObject;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.Value;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The codec for values of any type that the client knows, restored by what was written.
 *
 * <p>As {@link Codec} says for null, Boolean, integers, reals, text, bytes, List, Set, Map and shared
 * objects. What has no type on the wire comes back as the widest of its kind: integers as Long (or
 * BigInteger, where they do not fit), reals as Double, a Character as String, a Set as List. Ask for a
 * typed codec to get the exact type back: {@code client.codec(Integer.class)}.
 *
 * <p>Records, enums, Instants and UUIDs are tagged, so that they come back as what they were. They are
 * opaque values whose payload is a serialized {@code holdfast.v1.Value}, in the form that the table at
 * {@link Codec} says, and whose codec names are
 *
 * <ul>
 *   <li>{@code record:} and the class name, as {@code record:com.example.Job};
 *   <li>{@code enum:} and the class name;
 *   <li>{@code instant}, and {@code uuid}.
 * </ul>
 *
 * <p>Reading a record or an enum loads the class of that name, if it is a record or an enum, and calls
 * its constructor: where not all writers are trusted, name the classes that may be read with {@link
 * #readingOnly}. No other class is ever loaded, and Java serialization is never used.
 *
 * <p>Opaque values cannot be keys of a dict: use a typed codec for keys of these types.
 *
 * <p>Immutable, and safe for many threads.
 */
public final class StandardCodec implements Codec<@Nullable Object> {
    static final StandardCodec PLAIN = new StandardCodec(Map.of(), null, null);

    private static final String RECORD = "record:";
    private static final String ENUM = "enum:";
    private static final Map<String, Class<?>> BUILT_IN = Map.of("instant", Instant.class, "uuid", UUID.class);

    private final Map<String, Registered> registered;
    private final @Nullable Set<Class<?>> readable;
    private final @Nullable References references;
    private final TypedCodecs types = new TypedCodecs(this);

    private record Registered(
            String name, Class<?> type, Function<Object, byte[]> write, Function<byte[], Object> read) {}

    private StandardCodec(
            Map<String, Registered> registered, @Nullable Set<Class<?>> readable, @Nullable References references) {
        this.registered = registered;
        this.readable = readable;
        this.references = references;
    }

    /**
     * This codec, and one for another class: an opaque value of that name. A class that is registered again is written
     * under its last name, and read under all of them.
     *
     * @param name what all clients call it; it should not be a Java class name
     * @param type exactly this class, not its subclasses
     * @param write to bytes; equal values must give equal bytes
     * @param read back from bytes
     * @throws IllegalArgumentException if the name is empty, or means something else: see above
     */
    public <T> StandardCodec with(String name, Class<T> type, Function<T, byte[]> write, Function<byte[], T> read) {
        if (name.isEmpty() || name.startsWith(RECORD) || name.startsWith(ENUM) || BUILT_IN.containsKey(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a codec for " + type.getName()
                    + ": a name is not empty, and none of those that this codec uses itself.");
        }
        Map<String, Registered> more = new LinkedHashMap<>(registered);
        more.remove(name); // the last of a class writes it
        more.put(name, new Registered(name, type, value -> write.apply(type.cast(value)), read::apply));
        return new StandardCodec(Collections.unmodifiableMap(more), readable, references);
    }

    /** This codec, but of all records and enums it reads only these. */
    public StandardCodec readingOnly(Class<?>... classes) {
        return new StandardCodec(registered, Set.of(classes), references);
    }

    /** This codec, reading references as live handles of a client. */
    public StandardCodec boundTo(References client) {
        return new StandardCodec(registered, readable, client);
    }

    /**
     * The codec for values of one type; see {@link Codec#of}.
     *
     * @throws IllegalArgumentException if there is none for the type
     */
    @SuppressWarnings("unchecked") // the codec that is found for a class carries that class
    public <T> Codec<T> typed(Class<T> type) {
        return (Codec<T>) types.of(type);
    }

    /**
     * The codec for values of a type that may be generic, a {@code List<Instant>}, say.
     *
     * @throws IllegalArgumentException if there is none for the type
     */
    public Codec<Object> typed(Type type) {
        return types.of(type);
    }

    /** This codec, as one for objects that are not null. */
    @SuppressWarnings("unchecked") // Object is any type
    public Codec<Object> objects() {
        return (Codec<Object>) (Codec<?>) this;
    }

    boolean isRegistered(Class<?> type) {
        return registration(type) != null;
    }

    private @Nullable Registered registration(Class<?> type) {
        @Nullable Registered last = null;
        for (Registered each : registered.values()) {
            last = each.type() == type ? each : last;
        }
        return last;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the value cannot be carried, or nests lists, maps and records more than 30 deep:
     *     a list that contains itself does
     */
    @Override
    public Value encode(@Nullable Object value) {
        return encode(value, 1);
    }

    Value encode(@Nullable Object value, int depth) {
        if (value == null) {
            return Values.NULL;
        }
        Registered known = registration(value.getClass());
        if (known != null) {
            return opaque(known.name(), ByteString.copyFrom(known.write().apply(value)));
        }
        if (value instanceof SharedObject object) { // which may be a List or a Map as well
            return Values.reference(object.id());
        }
        if (value instanceof List<?> list) {
            return new CollectionCodecs.OfList<@Nullable Object>(this).encodeAll(Arrays.asList(list.toArray()), depth);
        }
        if (value instanceof Set<?> set) {
            return new CollectionCodecs.OfSet<@Nullable Object>(this).encodeAll(Arrays.asList(set.toArray()), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return encodeMap(map, depth);
        }
        return encodeByClass(value, depth);
    }

    @SuppressWarnings("unchecked") // it is only read
    private Value encodeMap(Map<?, ?> map, int depth) {
        return new CollectionCodecs.OfMap<@Nullable Object, @Nullable Object>(this, this)
                .encode((Map<@Nullable Object, @Nullable Object>) map, depth);
    }

    private Value encodeByClass(Object value, int depth) {
        if (value instanceof Record) {
            return tagged(RECORD + value.getClass().getName(), value.getClass(), value, depth);
        }
        if (value instanceof Enum<?> constant) {
            Class<?> type = constant.getDeclaringClass();
            return tagged(ENUM + type.getName(), type, value, depth);
        }
        if (value instanceof Instant) {
            return tagged("instant", Instant.class, value, depth);
        }
        if (value instanceof UUID) {
            return tagged("uuid", UUID.class, value, depth);
        }
        if (Scalars.of(value.getClass()) == null) {
            throw new IllegalArgumentException(
                    "A " + value.getClass().getName() + " cannot be stored. Make it a record,"
                            + " or register a codec: HoldfastClient.builder().codec(Codec.standard().with(name, type, toBytes,"
                            + " fromBytes)).");
        }
        return types.of(value.getClass()).encode(value);
    }

    private Value tagged(String tag, Class<?> type, Object value, int depth) {
        Value plain = Nesting.encode(types.of(type), value, depth);
        if (Values.hasReference(plain)) {
            throw new IllegalArgumentException(
                    "A shared object inside a " + type.getName() + " would be hidden from the"
                            + " cluster, which may then reclaim it. Use the typed codec: client.codec("
                            + type.getSimpleName() + ".class).");
        }
        return opaque(tag, plain.toByteString());
    }

    private static Value opaque(String codec, ByteString payload) {
        return Value.newBuilder()
                .setOpaque(Opaque.newBuilder().setCodec(codec).setPayload(payload))
                .build();
    }

    @Override
    public @Nullable Object decode(Value value) {
        return decode(value, 1);
    }

    @Nullable
    Object decode(Value value, int depth) {
        return switch (value.getKindCase()) {
            case NULL -> null;
            case BOOLEAN -> value.getBoolean();
            case INTEGER -> value.getInteger();
            case REAL -> value.getReal();
            case BIG_INTEGER -> new BigInteger(value.getBigInteger().toByteArray());
            case TEXT -> value.getText();
            case BINARY -> value.getBinary().toByteArray();
            case LIST -> new CollectionCodecs.OfList<@Nullable Object>(this).decode(value, depth);
            case MAP -> new CollectionCodecs.OfMap<@Nullable Object, @Nullable Object>(this, this).decode(value, depth);
            case REFERENCE -> resolveOrNull(value);
            case OPAQUE -> decode(value.getOpaque(), depth);
            case KIND_NOT_SET ->
                throw new DecodingException("A value of a kind that this client does not know. Is the server newer?");
        };
    }

    private @Nullable SharedObject resolveOrNull(Value value) {
        try {
            return resolve(value);
        } catch (ObjectDeletedException e) {
            return null;
        }
    }

    /** The object that is referred to; throws an {@link ObjectDeletedException} if it is gone. */
    SharedObject resolve(Value value) {
        long object = value.getReference().getObject();
        if (references == null) {
            throw new DecodingException("A reference to object " + object + " can be read by a client's codec only:"
                    + " client.codec(), client.codec(type).");
        }
        return references.resolve(object);
    }

    private @Nullable Object decode(Opaque opaque, int depth) {
        String tag = opaque.getCodec();
        Registered known = registered.get(tag);
        if (known != null) {
            return known.read().apply(opaque.getPayload().toByteArray());
        }
        Class<?> type = BUILT_IN.get(tag);
        if (type == null) {
            type = classOf(tag);
        }
        try {
            return Nesting.decode(types.of(type), Value.parseFrom(opaque.getPayload()), depth);
        } catch (InvalidProtocolBufferException e) {
            throw new DecodingException("The payload of a value of codec '" + tag + "' is damaged", e);
        }
    }

    private Class<?> classOf(String tag) {
        boolean isRecord = tag.startsWith(RECORD);
        if (!isRecord && !tag.startsWith(ENUM)) {
            throw new DecodingException("No codec '" + tag + "' is known here. Register it:"
                    + " HoldfastClient.builder().codec(Codec.standard().with(\"" + tag + "\", …)).");
        }
        Class<?> type = load(tag.substring(tag.indexOf(':') + 1));
        if (isRecord ? !type.isRecord() : !type.isEnum()) {
            throw new DecodingException(type.getName() + " is no " + (isRecord ? "record" : "enum") + " here");
        }
        if (readable != null && !readable.contains(type)) {
            throw new DecodingException(type.getName()
                    + " is not among the classes that this client may read. Add it to" + " readingOnly(…).");
        }
        return type;
    }

    /** Loads a class without running any of its code. */
    private static Class<?> load(String name) {
        @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, false, loader != null ? loader : StandardCodec.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new DecodingException(
                    "There is no class " + name + " here. Put it on the class path, or write the values"
                            + " with a typed codec.",
                    e);
        }
    }
}
