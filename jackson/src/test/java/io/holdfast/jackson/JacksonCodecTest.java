// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.ByteString;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.codec.Values;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.inspect.ObjectInspection;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JacksonCodecTest {
    /** An ordinary bean, as there are many. */
    public static final class Order {
        public String item = "";
        public int count;
        public Map<String, Integer> prices = new HashMap<>();
        public Set<String> labels = new LinkedHashSet<>();
        public @Nullable Instant due;

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Order order
                    && item.equals(order.item)
                    && count == order.count
                    && prices.equals(order.prices)
                    && labels.equals(order.labels)
                    && Objects.equals(due, order.due);
        }

        @Override
        public int hashCode() {
            return Objects.hash(item, count);
        }
    }

    private static Order order() {
        Order order = new Order();
        order.item = "tea €𝄞";
        order.count = 3;
        order.due = Instant.parse("2026-11-22T19:20:58.5Z");
        for (String label : List.of("a", "b", "c")) {
            order.labels.add(label);
            order.prices.put(label, 1);
        }
        return order;
    }

    private final JacksonCodec<Order> codec = JacksonCodec.of("order", Order.class);

    private static String json(Value value) {
        return value.getOpaque().getPayload().toStringUtf8();
    }

    private static Value opaque(String tag, String json) {
        return Value.newBuilder()
                .setOpaque(Opaque.newBuilder().setCodec(tag).setPayload(ByteString.copyFromUtf8(json)))
                .build();
    }

    @Test
    void bean_isAnOpaqueValueOfSortedJson() {
        Value encoded = codec.encode(order());
        assertThat(encoded.getOpaque().getCodec()).isEqualTo("json:order");
        assertThat(json(encoded))
                .isEqualTo(
                        "{\"count\":3,\"due\":\"2026-11-22T19:20:58.500Z\",\"item\":\"tea €𝄞\",\"labels\":[\"a\",\"b\","
                                + "\"c\"],\"prices\":{\"a\":1,\"b\":1,\"c\":1}}");
        assertThat(codec.decode(encoded)).isEqualTo(order());
    }

    @Test
    void equalValues_areEncodedEqually_inWhateverOrderTheyWereMade() {
        Order one = order();
        Order other = order();
        List<String> backwards = new ArrayList<>(other.labels);
        Collections.reverse(backwards);
        other.labels = new LinkedHashSet<>(backwards);
        other.prices = new LinkedHashMap<>();
        backwards.forEach(label -> other.prices.put(label, 1));
        assertThat(one).isEqualTo(other);
        assertThat(codec.encode(one)).isEqualTo(codec.encode(other));
    }

    record Times(
            Instant at, LocalDate day, ZonedDateTime zoned, Duration took, BigDecimal price, Set<List<Integer>> sets) {}

    @Test
    void javaTime_andNumbers_comeBackAsTheyWere() {
        Times times = new Times(
                Instant.MAX,
                LocalDate.of(2026, 2, 28),
                ZonedDateTime.parse("2026-11-22T19:20:58.5+01:00[Europe/Berlin]"),
                Duration.ofNanos(1_500_000_001),
                new BigDecimal("1234567890123456789.10"),
                Set.of(List.of(2), List.of(1, 3), List.of()));
        JacksonCodec<Times> typed = JacksonCodec.of("times", Times.class);
        Value encoded = typed.encode(times);
        assertThat(typed.decode(encoded)).isEqualTo(times);
        assertThat(json(encoded)).contains("\"sets\":[[1,3],[2],[]]").contains("\"day\":\"2026-02-28\"");
    }

    @Test
    void unknownProperties_areIgnored_andMissingOnesAreTheConstructors() {
        Order read = codec.decode(opaque("json:order", "{\"item\":\"tea\",\"ofANewerClient\":{\"x\":[1]}}"));
        assertThat(read.item).isEqualTo("tea");
        assertThat(read.count).isZero();
        assertThat(read.labels).isEmpty();
    }

    @Test
    void whatIsNoValueOfTheCodec_isRefused() {
        for (Value wrong : List.of(
                opaque("json:other", "{}"),
                opaque("order", "{}"),
                Values.text("{}"),
                opaque("json:order", "null"),
                opaque("json:order", "{} {}"),
                opaque("json:order", "{\"count\":\"many\"}"),
                opaque("json:order", "{"))) {
            assertThatThrownBy(() -> codec.decode(wrong))
                    .as("%s", wrong)
                    .isInstanceOf(DecodingException.class)
                    .hasMessageContaining("json:order");
        }
        assertThatThrownBy(() -> codec.encode(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> JacksonCodec.of("", Order.class)).isInstanceOf(IllegalArgumentException.class);
    }

    static final class Nothing {}

    @Test
    void whatJacksonCannotWrite_isRefusedByName() {
        assertThatThrownBy(() -> JacksonCodec.of("n", Nothing.class).encode(new Nothing()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Nothing.class.getName());
    }

    record Holder(Object anything) {}

    @Test
    void noClass_isChosenByWhatIsRead() {
        JacksonCodec<Holder> holders = JacksonCodec.of("holder", Holder.class);
        assertThat(json(holders.encode(new Holder(order())))).doesNotContain("Order");
        Object read = holders.decode(
                        opaque("json:holder", "{\"anything\":{\"@class\":\"javax.swing.JFrame\",\"@type\":\"x\"}}"))
                .anything();
        assertThat(read).isInstanceOf(Map.class);
        assertThat(holders.decode(opaque("json:holder", "{\"anything\":[\"javax.swing.JFrame\",{}]}"))
                        .anything())
                .isInstanceOf(List.class);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    public record Careless(int x) implements ByClass {}

    @Test
    void annotationThatNamesJavaClasses_isRefusedWhenItIsRead() {
        String json = "{\"@class\":\"" + Careless.class.getName() + "\",\"x\":1}";
        JacksonCodec<ByClass> careless = JacksonCodec.of("c", ByClass.class);
        assertThatThrownBy(() -> careless.decode(opaque("json:c", json))).isInstanceOf(DecodingException.class);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    record Drawing(Set<Shape> shapes) {}

    @Test
    void subtypesThatTheClassNames_areCarried_alsoInSets() {
        JacksonCodec<Drawing> drawings = JacksonCodec.of("drawing", Drawing.class);
        Drawing drawing = new Drawing(Set.of(new Square(1), new Circle(2)));
        assertThat(drawings.decode(drawings.encode(drawing))).isEqualTo(drawing);
    }

    record Room(String name, SharedObject lock) {}

    private record Handle(long id, String name) implements SharedObject {
        @Override
        public ObjectInspection inspect() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void sharedObject_isRefused_becauseTheClusterWouldNotSeeIt() {
        JacksonCodec<Room> rooms = JacksonCodec.of("room", Room.class);
        assertThatThrownBy(() -> rooms.encode(new Room("a", new Handle(7, "x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hidden from the cluster");
    }

    record Delivery(Order order, String to) {}

    @Test
    void registered_isUsedWhereverTheClassOccurs() {
        StandardCodec standard = JacksonCodec.register(Codec.standard(), "order", Order.class);
        Value encoded = standard.encode(List.of(order(), Map.of("k", order())));
        assertThat(encoded.getList().getElements(0)).isEqualTo(codec.encode(order()));
        assertThat(standard.decode(encoded)).isEqualTo(List.of(order(), Map.of("k", order())));
        Delivery delivery = new Delivery(order(), "here");
        Codec<Delivery> deliveries = standard.typed(Delivery.class);
        assertThat(deliveries.decode(deliveries.encode(delivery))).isEqualTo(delivery);
        assertThatThrownBy(() -> Codec.standard().decode(codec.encode(order())))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("json:order");
        assertThatThrownBy(() -> standard.decode(opaque("json:order", "{"))).isInstanceOf(DecodingException.class);
    }

    public static final class Ring {
        public @Nullable Ring next;
    }

    @Test
    void objectsInACircle_orNestedTooDeep_areRefused() {
        JacksonCodec<Ring> rings = JacksonCodec.of("ring", Ring.class);
        Ring alone = new Ring();
        alone.next = alone;
        Ring other = new Ring();
        other.next = new Ring();
        other.next.next = other;
        Ring deep = new Ring();
        for (int i = 0; i < 100_000; i++) {
            Ring outer = new Ring();
            outer.next = deep;
            deep = outer;
        }
        for (Ring ring : List.of(alone, other, deep)) {
            assertThatThrownBy(() -> rings.encode(ring)).isInstanceOf(IllegalArgumentException.class);
        }
        String json = "{\"next\":".repeat(100_000) + "null" + "}".repeat(100_000);
        assertThatThrownBy(() -> rings.decode(opaque("json:ring", json))).isInstanceOf(DecodingException.class);
    }
}
