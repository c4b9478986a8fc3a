// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.Value;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries values of one class as JSON, by Jackson: for classes that are no records, and for those that have Jackson's
 * annotations already.
 *
 * <pre>{@code
 * SharedDict<String, Order> orders =
 *         client.dict("orders", client.codec(String.class), JacksonCodec.of("order", Order.class));
 *
 * // or for every dict of the client, also inside lists, maps and records:
 * HoldfastClient.builder().codec(JacksonCodec.register(Codec.standard(), "order", Order.class));
 * }</pre>
 *
 * <p><b>On the wire</b> it is an opaque value of the codec {@code json:<name>}, whose payload is the JSON in UTF-8. The name is
 * what all clients call the class: it is no Java name, so that the class can be moved, and a program in another language
 * can read the JSON. Opaque values cannot be keys of a dict.
 *
 * <p><b>Equal values are encoded equally</b>, as compare-and-set demands: properties and the entries of maps are sorted by
 * name, and the elements of sets by their JSON. What a class's own serializers write in an order of their own is theirs to
 * answer for.
 *
 * <p><b>Safe to read from anybody.</b> There is no default typing: no class is ever chosen by what was read, except from
 * the subtypes that a class of yours names in an annotation ({@code @JsonSubTypes} with {@code Id.NAME}). Java
 * serialization is never used.
 *
 * <p><b>Versions.</b> Properties that the class does not have are ignored when it is read, and missing ones are as the
 * class's constructor leaves them, so that old and new clients can run side by side. An old client that reads a value and
 * writes it back drops what it does not know.
 *
 * <p>{@code java.time} is written as ISO-8601 text. A shared object inside a value is refused: the cluster would not see the
 * reference, and might reclaim the object. Put it into a record, which the typed codecs carry.
 *
 * <p>Immutable, and safe for many threads.
 *
 * @param <T> the class
 */
public final class JacksonCodec<T> implements Codec<T> {
    private static final String PREFIX = "json:";
    private static final JsonMapper MAPPER = CanonicalJson.mapper();

    private final String tag;
    private final Class<T> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    private JacksonCodec(String name, Class<T> type) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A codec needs a name, by which all clients know " + type.getName());
        }
        this.tag = PREFIX + name;
        this.type = type;
        this.writer = MAPPER.writerFor(type);
        this.reader = MAPPER.readerFor(type);
    }

    /**
     * The codec of a class.
     *
     * @param name what all clients call it
     * @throws IllegalArgumentException if the name is empty
     */
    public static <T> JacksonCodec<T> of(String name, Class<T> type) {
        return new JacksonCodec<>(name, type);
    }

    /**
     * That codec, and one for a class, which is used wherever a value of it occurs.
     *
     * @param name what all clients call it
     * @param type exactly this class, not its subclasses
     * @throws IllegalArgumentException if the name is empty
     */
    public static <T> StandardCodec register(StandardCodec standard, String name, Class<T> type) {
        JacksonCodec<T> codec = of(name, type);
        return standard.with(codec.tag, type, codec::write, codec::read);
    }

    /**
     * The value as JSON.
     *
     * @throws IllegalArgumentException if Jackson cannot write it; the cause says why
     */
    @Override
    public Value encode(T value) {
        return Value.newBuilder()
                .setOpaque(Opaque.newBuilder().setCodec(tag).setPayload(ByteString.copyFrom(write(value))))
                .build();
    }

    /**
     * The value that the JSON says.
     *
     * @throws DecodingException if it is no value of this codec, or Jackson cannot make one of the class of it
     */
    @Override
    public T decode(Value value) {
        if (!value.getOpaque().getCodec().equals(tag)) {
            throw new DecodingException("Expected a value of codec '" + tag + "' and found "
                    + (value.hasOpaque() ? "one of '" + value.getOpaque().getCodec() + "'" : value.getKindCase())
                    + ". Read it with the codec that it was written with.");
        }
        return read(value.getOpaque().getPayload().toByteArray());
    }

    private byte[] write(T value) {
        Objects.requireNonNull(value, "value");
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "A " + type.getName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private T read(byte[] json) {
        @Nullable T read;
        try {
            read = reader.readValue(json);
        } catch (IOException e) {
            throw new DecodingException("The JSON of a value of codec '" + tag + "' makes no " + type.getName(), e);
        }
        if (read == null) {
            throw new DecodingException("The JSON of a value of codec '" + tag + "' is null");
        }
        return read;
    }

    @Override
    public String toString() {
        return "JacksonCodec[" + tag + ", " + type.getName() + "]";
    }
}
