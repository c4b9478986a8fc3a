// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.NullValue;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Values as scripts write them, without spaces: {@code null true 7 2.5 nan 'text' 0x00ff [1,2] {'k':1} @name codec!text},
 * and {@code ?} for a value without a case.
 */
public final class Texts {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private final String text;
    private final Function<String, ObjectId> names;
    private int at;

    private Texts(String text, Function<String, ObjectId> names) {
        this.text = text;
        this.names = names;
    }

    /** The value that is written so, without references. */
    public static Value value(String text) {
        return value(text, name -> {
            throw new IllegalArgumentException("no object is known by the name " + name);
        });
    }

    /** The value that is written so. */
    public static Value value(String text, Function<String, ObjectId> names) {
        Texts reader = new Texts(text, names);
        Value value = reader.read();
        if (reader.at != text.length()) {
            throw new IllegalArgumentException("what is '" + text.substring(reader.at) + "' in " + text + "?");
        }
        return value;
    }

    public static Value integer(long number) {
        return Value.newBuilder().setInteger(number).build();
    }

    public static Value text(String text) {
        return Value.newBuilder().setText(text).build();
    }

    public static Value reference(ObjectId object) {
        return Value.newBuilder()
                .setReference(Reference.newBuilder().setObject(object.value()))
                .build();
    }

    private Value read() {
        return switch (text.charAt(at)) {
            case '[' -> list();
            case '{' -> map();
            case '\'' -> quoted();
            default -> word(upTo(",]}:"));
        };
    }

    private Value list() {
        ListValue.Builder list = ListValue.newBuilder();
        for (at++; text.charAt(at) != ']'; skip(',')) {
            list.addElements(read());
        }
        at++;
        return Value.newBuilder().setList(list).build();
    }

    private Value map() {
        MapValue.Builder map = MapValue.newBuilder();
        for (at++; text.charAt(at) != '}'; skip(',')) {
            Value key = read();
            skip(':');
            map.addEntries(MapEntry.newBuilder().setKey(key).setValue(read()));
        }
        at++;
        return Value.newBuilder().setMap(map).build();
    }

    private Value quoted() {
        int end = text.indexOf('\'', at + 1);
        String inside = text.substring(at + 1, end);
        at = end + 1;
        return text(inside);
    }

    private void skip(char separator) {
        if (text.charAt(at) == separator) {
            at++;
        }
    }

    private String upTo(String ends) {
        int from = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private Value word(String word) {
        Value.Builder value = Value.newBuilder();
        if (word.startsWith("@")) {
            return reference(names.apply(word.substring(1)));
        }
        if (word.startsWith("0x")) {
            return value.setBinary(bytes(word.substring(2))).build();
        }
        if (word.startsWith("big0x")) {
            return value.setBigInteger(bytes(word.substring(5))).build();
        }
        if (word.indexOf('!') >= 0) {
            String[] parts = word.split("!", 2);
            return value.setOpaque(Opaque.newBuilder().setCodec(parts[0]).setPayload(ByteString.copyFromUtf8(parts[1])))
                    .build();
        }
        return switch (word) {
            case "?" -> value.build();
            case "null" -> value.setNull(NullValue.NULL_VALUE).build();
            case "true", "false" -> value.setBoolean(word.equals("true")).build();
            case "nan" -> value.setReal(Double.NaN).build();
            case "inf" -> value.setReal(Double.POSITIVE_INFINITY).build();
            case "-inf" -> value.setReal(Double.NEGATIVE_INFINITY).build();
            default -> number(word);
        };
    }

    private static Value number(String word) {
        if (word.indexOf('.') >= 0 || word.indexOf('e') >= 0) {
            return Value.newBuilder().setReal(Double.parseDouble(word)).build();
        }
        return integer(new BigInteger(word));
    }

    /** The integer in its canonical form. */
    public static Value integer(BigInteger number) {
        return number.compareTo(LEAST) >= 0 && number.compareTo(GREATEST) <= 0
                ? integer(number.longValue())
                : Value.newBuilder()
                        .setBigInteger(ByteString.copyFrom(number.toByteArray()))
                        .build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    /** The value as {@link #value(String)} reads it; a reference by its object's id. */
    public static String tell(Value value) {
        return tell(value, object -> "@" + object.value());
    }

    public static String tell(Value value, Function<ObjectId, String> names) {
        return switch (value.getKindCase()) {
            case NULL -> "null";
            case BOOLEAN -> String.valueOf(value.getBoolean());
            case INTEGER -> String.valueOf(value.getInteger());
            case REAL -> real(value.getReal());
            case BIG_INTEGER ->
                value.getBigInteger().isEmpty()
                        ? "big0x"
                        : new BigInteger(value.getBigInteger().toByteArray()).toString();
            case TEXT -> "'" + value.getText() + "'";
            case BINARY -> "0x" + HexFormat.of().formatHex(value.getBinary().toByteArray());
            case LIST ->
                value.getList().getElementsList().stream()
                        .map(element -> tell(element, names))
                        .collect(Collectors.joining(",", "[", "]"));
            case MAP ->
                value.getMap().getEntriesList().stream()
                        .map(entry -> tell(entry.getKey(), names) + ":" + tell(entry.getValue(), names))
                        .collect(Collectors.joining(",", "{", "}"));
            case REFERENCE -> names.apply(new ObjectId(value.getReference().getObject()));
            case OPAQUE ->
                value.getOpaque().getCodec() + "!"
                        + value.getOpaque().getPayload().toStringUtf8();
            case KIND_NOT_SET -> "?";
        };
    }

    private static String real(double real) {
        if (Double.isNaN(real)) {
            return "nan";
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? "inf" : "-inf";
        }
        return String.valueOf(real);
    }
}
