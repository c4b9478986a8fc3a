// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes Java values into values that every language can read, and back.
 *
 * <pre>{@code
 * record Job(String command, int priority, Instant due) {}
 *
 * SharedDict<UUID, Job> jobs = client.dict("jobs", client.codec(UUID.class), client.codec(Job.class));
 * }</pre>
 *
 * <p>The wire forms of the typed codecs, which carry no Java names:
 *
 * <table>
 * <caption>Wire forms</caption>
 * <tr><th>Java</th><th>wire</th></tr>
 * <tr><td>Boolean</td><td>boolean</td></tr>
 * <tr><td>Byte, Short, Integer, Long</td><td>integer; decoding one that does not fit is refused</td></tr>
 * <tr><td>BigInteger</td><td>integer if it fits 64 bits, else big_integer</td></tr>
 * <tr><td>Float, Double</td><td>real; decoding into Float is refused where it would round</td></tr>
 * <tr><td>String, Character</td><td>text</td></tr>
 * <tr><td>byte[]</td><td>binary</td></tr>
 * <tr><td>Instant</td><td>text, ISO-8601 in UTC: {@code 2026-11-22T19:20:58.5Z}</td></tr>
 * <tr><td>UUID</td><td>text, lower-case with hyphens</td></tr>
 * <tr><td>enum</td><td>text: the constant's name</td></tr>
 * <tr><td>record</td><td>map: component name to value, in order of declaration; entries that the record
 * does not have are ignored, missing ones are null</td></tr>
 * <tr><td>List</td><td>list</td></tr>
 * <tr><td>Set (as a component)</td><td>list, in the order of the elements' encoded bytes</td></tr>
 * <tr><td>Map</td><td>map</td></tr>
 * <tr><td>Optional (as a component)</td><td>the value, or null</td></tr>
 * <tr><td>shared objects</td><td>reference</td></tr>
 * <tr><td>Object (as a component)</td><td>as {@link StandardCodec}</td></tr>
 * </table>
 *
 * <p>An implementation must be safe for many threads, and must encode equal values to equal values:
 * the keys of a dict, and compare-and-set, go by the encoded form.
 *
 * @param <T> the Java type; null is encoded only by codecs whose T is nullable
 */
public interface Codec<T extends @Nullable Object> {

    /**
     * The wire form of a value.
     *
     * @throws IllegalArgumentException if the value cannot be carried; nothing was sent then. Lists, maps and records are nested
     *     at most 30 deep; one that contains itself is refused, too
     */
    Value encode(T value);

    /**
     * The Java form of a value.
     *
     * <p>A reference to an object that is gone is read as null where the codec has nulls: by the standard codec, and by
     * that of what is within a collection or a record. Codecs that the containers are given read it so too.
     *
     * @throws io.holdfast.client.errors.DecodingException if the value is not of this codec's type. Containers add the encoded
     *     value to it, and make one of whatever else a codec throws
     * @throws io.holdfast.client.errors.ObjectDeletedException if it is a reference to an object that is gone, and the
     *     codec has no null
     */
    T decode(Value value);

    /** The codec for values of any type that the client knows. It reads no references; a client's does. */
    static StandardCodec standard() {
        return StandardCodec.PLAIN;
    }

    /**
     * The codec for values of one type, as in the table above. References in it are not read; those of
     * {@link io.holdfast.client.HoldfastClient#codec} are.
     *
     * @throws IllegalArgumentException if there is none for the type; the message says what to do
     */
    static <T> Codec<T> of(Class<T> type) {
        return StandardCodec.PLAIN.typed(type);
    }

    /** Lists of what the other codec carries. Decodes to lists that cannot be modified. */
    static <T extends @Nullable Object> Codec<List<T>> listOf(Codec<T> element) {
        return new CollectionCodecs.OfList<>(element);
    }

    /** Maps of what the other codecs carry. Decodes to maps that cannot be modified and keep the order. */
    static <K, V extends @Nullable Object> Codec<Map<K, V>> mapOf(Codec<K> key, Codec<V> value) {
        return new CollectionCodecs.OfMap<>(key, value);
    }

    /** The same values, and null. */
    static <T> Codec<@Nullable T> nullable(Codec<T> codec) {
        return new CollectionCodecs.OfNullable<>(codec);
    }
}
