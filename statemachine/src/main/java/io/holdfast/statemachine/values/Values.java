// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.values;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of the value model, as {@code values.proto} tells them. */
public final class Values {
    /** The bit length of the integers that are {@code integer}, without their sign. */
    private static final int INTEGER_BITS = 63;

    private static final Comparator<MapEntry> BY_KEY_BYTES = Comparator.comparing(
            entry -> entry.getKey().toByteString(), ByteString.unsignedLexicographicalComparator());

    private Values() {}

    /** Whether both have the same case and the same content. */
    public static boolean equal(Value a, Value b) {
        if (a.equals(b)) {
            return true;
        }
        return a.getKindCase() == b.getKindCase()
                && isContainer(a)
                && a.getSerializedSize() == b.getSerializedSize() // as those of equal values are
                && canonical(a).equals(canonical(b));
    }

    /** The one form that all values equal to this one have: the entries of maps sorted. */
    public static Value canonical(Value value) {
        return switch (value.getKindCase()) {
            case LIST -> {
                ListValue.Builder list = ListValue.newBuilder();
                value.getList().getElementsList().forEach(element -> list.addElements(canonical(element)));
                yield value.toBuilder().setList(list).build();
            }
            case MAP -> {
                List<MapEntry> entries = new ArrayList<>();
                value.getMap()
                        .getEntriesList()
                        .forEach(entry -> entries.add(MapEntry.newBuilder()
                                .setKey(canonical(entry.getKey()))
                                .setValue(canonical(entry.getValue()))
                                .build()));
                entries.sort(BY_KEY_BYTES);
                yield value.toBuilder()
                        .setMap(MapValue.newBuilder().addAllEntries(entries))
                        .build();
            }
            case NULL, BOOLEAN, INTEGER, REAL, BIG_INTEGER, TEXT, BINARY, REFERENCE, OPAQUE, KIND_NOT_SET -> value;
        };
    }

    /** The bytes that stand for a key: equal for equal keys only. */
    public static byte[] keyBytes(Value key) {
        return canonical(key).toByteArray();
    }

    /** What is wrong with the value; null: nothing. */
    public static @Nullable String problem(Value value) {
        return problem(value, Limits.VALUE_DEPTH);
    }

    private static @Nullable String problem(Value value, int depthLeft) {
        if (depthLeft == 0) {
            return "lists and maps are nested deeper than " + Limits.VALUE_DEPTH;
        }
        return switch (value.getKindCase()) {
            case KIND_NOT_SET -> "a value is missing, or of a kind that this version of the server does not know";
            case BIG_INTEGER -> bigIntegerProblem(value.getBigInteger());
            case LIST -> listProblem(value.getList(), depthLeft - 1);
            case MAP -> mapProblem(value.getMap(), depthLeft - 1);
            case OPAQUE -> value.getOpaque().getCodec().isEmpty() ? "an opaque value names no codec" : null;
            case NULL, BOOLEAN, INTEGER, REAL, TEXT, BINARY, REFERENCE -> null;
        };
    }

    private static @Nullable String bigIntegerProblem(ByteString bytes) {
        if (bytes.isEmpty()) {
            return "a big integer has no bytes";
        }
        BigInteger number = new BigInteger(bytes.toByteArray());
        if (number.bitLength() <= INTEGER_BITS) {
            return "the big integer " + number + " fits 64 bits and must be sent as an integer";
        }
        return number.toByteArray().length == bytes.size() ? null : "a big integer has more bytes than it needs";
    }

    private static @Nullable String listProblem(ListValue list, int depthLeft) {
        for (Value element : list.getElementsList()) {
            String problem = problem(element, depthLeft);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String mapProblem(MapValue map, int depthLeft) {
        Set<Value> keys = new LinkedHashSet<>();
        for (MapEntry entry : map.getEntriesList()) {
            String problem = keyProblem(entry.getKey(), depthLeft);
            if (problem == null) {
                problem = problem(entry.getValue(), depthLeft);
            }
            if (problem == null && !keys.add(canonical(entry.getKey()))) {
                problem = "a map has two entries with equal keys";
            }
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Why the key is too large; null: it is not. */
    public static @Nullable Refusal tooLarge(Value key) {
        return key.getSerializedSize() <= Limits.KEY_BYTES
                ? null
                : Refusal.newBuilder()
                        .setCode(RefusalCode.TOO_LARGE)
                        .setBound("key-bytes")
                        .setDetail("A key has at most " + Limits.KEY_BYTES + " bytes; this one has "
                                + key.getSerializedSize() + ".")
                        .build();
    }

    /** What is wrong with the value as a key; null: nothing. */
    public static @Nullable String keyProblem(Value key) {
        return keyProblem(key, Limits.VALUE_DEPTH);
    }

    private static @Nullable String keyProblem(Value key, int depthLeft) {
        String problem = problem(key, depthLeft);
        return problem != null ? problem : unfitForKey(key);
    }

    private static @Nullable String unfitForKey(Value key) {
        return switch (key.getKindCase()) {
            case REFERENCE -> "a key cannot be, or hold, a reference to an object";
            case OPAQUE -> "a key cannot be, or hold, a value that only a codec understands";
            case REAL -> Double.isNaN(key.getReal()) ? "a key cannot be, or hold, NaN" : null;
            case LIST -> first(key.getList().getElementsList());
            case MAP ->
                first(key.getMap().getEntriesList().stream()
                        .map(MapEntry::getValue)
                        .toList());
            case NULL, BOOLEAN, INTEGER, BIG_INTEGER, TEXT, BINARY, KIND_NOT_SET -> null;
        };
    }

    private static @Nullable String first(List<Value> parts) {
        for (Value part : parts) {
            String problem = unfitForKey(part);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** The objects that the value refers to, in order; one that it refers to twice comes twice. */
    public static List<ObjectId> references(Value value) {
        if (!isContainer(value) && value.getKindCase() != Value.KindCase.REFERENCE) {
            return List.of();
        }
        List<ObjectId> references = new ArrayList<>();
        collect(value, references);
        return references;
    }

    private static void collect(Value value, List<ObjectId> references) {
        switch (value.getKindCase()) {
            case REFERENCE -> references.add(new ObjectId(value.getReference().getObject()));
            case LIST -> value.getList().getElementsList().forEach(element -> collect(element, references));
            case MAP -> value.getMap().getEntriesList().forEach(entry -> collect(entry.getValue(), references));
            case NULL, BOOLEAN, INTEGER, REAL, BIG_INTEGER, TEXT, BINARY, OPAQUE, KIND_NOT_SET -> {}
        }
    }

    private static boolean isContainer(Value value) {
        return value.hasList() || value.hasMap();
    }
}
