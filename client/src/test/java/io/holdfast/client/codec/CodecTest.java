// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CodecTest {
    private final StandardCodec standard = Codec.standard();

    enum Colour {
        RED {
            @Override
            int code() {
                return 1;
            }
        },
        BLUE;

        int code() {
            return 2;
        }
    }

    enum Fruit {
        RED
    }

    record Point(int x, long y) {}

    record Everything(
            byte b,
            Short s,
            char c,
            float f,
            double d,
            boolean flag,
            String text,
            @Nullable String missing,
            BigInteger big,
            Instant at,
            UUID id,
            Colour colour,
            Point point,
            List<Point> points,
            Set<Colour> colours,
            Map<String, List<Integer>> table,
            Optional<Long> some,
            Optional<Long> none,
            Object anything) {}

    record Node(String name, @Nullable Node next) {}

    static final class Money {
        private final long cents;

        Money(long cents) {
            this.cents = cents;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Money money && money.cents == cents;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(cents);
        }
    }

    private static final Everything EVERYTHING = new Everything(
            (byte) 1,
            (short) 2,
            'c',
            0.1f,
            0.1,
            true,
            "näive €𝄞",
            null,
            BigInteger.ONE.shiftLeft(100),
            Instant.parse("2026-11-22T19:20:58.5Z"),
            new UUID(1, 2),
            Colour.RED,
            new Point(1, 2),
            List.of(new Point(3, 4)),
            Set.of(Colour.BLUE),
            Map.of("a", List.of(1, 2)),
            Optional.of(5L),
            Optional.empty(),
            List.of(Colour.BLUE, new UUID(3, 4)));

    private Object again(Object value) throws Exception {
        return standard.decode(Value.parseFrom(standard.encode(value).toByteArray()));
    }

    @Test
    void standard_restoresWhatItSays() throws Exception {
        for (Object same : Arrays.asList(
                null,
                true,
                5L,
                0.5,
                "text",
                BigInteger.ONE.shiftLeft(64),
                List.of(1L, "a", List.of()),
                Map.of("k", 1L),
                EVERYTHING,
                Colour.RED,
                DayOfWeek.MONDAY,
                Instant.MIN,
                Instant.MAX,
                new UUID(-1, 7))) {
            assertThat(again(same)).isEqualTo(same);
        }
        assertThat(again(5)).isEqualTo(5L);
        assertThat(again((byte) 5)).isEqualTo(5L);
        assertThat(again(BigInteger.TEN)).isEqualTo(10L);
        assertThat(again(0.5f)).isEqualTo(0.5);
        assertThat(again('c')).isEqualTo("c");
        assertThat(again(Set.of(1L))).isEqualTo(List.of(1L));
        assertThat((byte[]) again(new byte[] {1, 2})).containsExactly(1, 2);
        assertThat(again(Arrays.asList(1L, null))).isEqualTo(Arrays.asList(1L, null));
    }

    @Test
    void typedCodecs_carryNoJavaNames() {
        Codec<Everything> codec = Codec.of(Everything.class);
        Value encoded = codec.encode(EVERYTHING);
        assertThat(encoded.hasMap()).isTrue();
        assertThat(Values.isKey(Codec.of(Point.class).encode(new Point(1, 2)))).isTrue();
        assertThat(codec.decode(encoded)).isEqualTo(EVERYTHING);
        assertThat(Codec.of(Colour.class).encode(Colour.RED).getText()).isEqualTo("RED");
        assertThat(Codec.of(UUID.class).encode(new UUID(0, 1)).getText())
                .isEqualTo("00000000-0000-0000-0000-000000000001");
        assertThat(Codec.of(int.class).decode(Values.integer(7))).isEqualTo(7);
    }

    @Test
    void recursiveRecords_areCarried() {
        Node list = new Node("a", new Node("b", null));
        assertThat(Codec.of(Node.class).decode(Codec.of(Node.class).encode(list)))
                .isEqualTo(list);
    }

    @Test
    void boundaries_areExact() {
        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE);
        assertThat(Values.integer(max).hasInteger()).isTrue();
        assertThat(Values.integer(max.add(BigInteger.ONE)).hasBigInteger()).isTrue();
        assertThat(Values.integer(BigInteger.valueOf(Long.MIN_VALUE)).hasInteger())
                .isTrue();
        assertThatThrownBy(() -> Codec.of(Byte.class).decode(Values.integer(128)))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("8 bits");
        assertThatThrownBy(() -> Codec.of(Float.class).decode(Values.real(0.1))).isInstanceOf(DecodingException.class);
        assertThat(Codec.of(Float.class).decode(Values.real(Double.NaN))).isNaN();
        assertThatThrownBy(() -> Codec.of(Long.class).decode(Values.text("1"))).isInstanceOf(DecodingException.class);
        assertThatThrownBy(() -> Codec.of(Instant.class).decode(Values.text("now")))
                .isInstanceOf(DecodingException.class);
    }

    @Test
    void unknownClass_isRefusedByName_withTheRemedy() {
        assertThatThrownBy(() -> standard.encode(new Thread()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("with(");
        assertThatThrownBy(() -> Codec.of(Thread.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread");
    }

    @Test
    void registeredCodec_isUsed_alsoInsideRecords() {
        record Price(String item, Money money) {}
        StandardCodec with = money(standard, "shop.money");
        Value encoded = with.encode(new Money(5));
        assertThat(encoded.getOpaque().getCodec()).isEqualTo("shop.money");
        assertThat(with.decode(encoded)).isEqualTo(new Money(5));
        Price price = new Price("tea", new Money(250));
        assertThat(with.typed(Price.class).decode(with.typed(Price.class).encode(price)))
                .isEqualTo(price);
        assertThatThrownBy(() -> standard.decode(encoded))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("shop.money");
    }

    @Test
    void classThatIsRegisteredAgain_isWrittenUnderItsLastName_andReadUnderAll() {
        StandardCodec old = money(standard, "money.v1");
        for (StandardCodec both :
                List.of(money(old, "money.v2"), money(money(money(old, "money.v2"), "x"), "money.v2"))) {
            assertThat(both.encode(new Money(5)).getOpaque().getCodec()).isEqualTo("money.v2");
            assertThat(both.decode(old.encode(new Money(5)))).isEqualTo(new Money(5));
        }
    }

    private static StandardCodec money(StandardCodec codec, String name) {
        return codec.with(
                name,
                Money.class,
                money -> Long.toString(money.cents).getBytes(StandardCharsets.UTF_8),
                bytes -> new Money(Long.parseLong(new String(bytes, StandardCharsets.UTF_8))));
    }

    @Test
    void namesThatMeanSomethingElse_cannotBeRegistered() {
        for (String taken : List.of("", "instant", "uuid", "record:Money", "enum:Money")) {
            assertThatThrownBy(() -> money(standard, taken)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void equalSets_areEqualValues_inWhateverOrderTheyIterate() {
        record Bag(Set<String> labels) {}
        Set<String> one = new LinkedHashSet<>(List.of("a", "b", "c"));
        Set<String> other = new LinkedHashSet<>(List.of("c", "a", "b"));
        assertThat(standard.encode(one)).isEqualTo(standard.encode(other));
        Codec<Bag> bags = Codec.of(Bag.class);
        assertThat(bags.encode(new Bag(one))).isEqualTo(bags.encode(new Bag(other)));
        assertThat(bags.decode(bags.encode(new Bag(other)))).isEqualTo(new Bag(one));
        assertThat(standard.decode(standard.encode(new HashSet<>(Arrays.asList("a", null)))))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder("a", null);
    }

    @Test
    void readingOnly_keepsOtherClassesOut() {
        Value point = standard.encode(new Point(1, 2));
        assertThat(standard.readingOnly(Point.class).decode(point)).isEqualTo(new Point(1, 2));
        assertThatThrownBy(() -> standard.readingOnly().decode(point)).isInstanceOf(DecodingException.class);
    }

    @Test
    void tagsOfClassesThatAreNoRecords_loadNothing() {
        Value forged = Value.newBuilder()
                .setOpaque(io.holdfast.protocol.v1.Opaque.newBuilder().setCodec("record:java.lang.Thread"))
                .build();
        assertThatThrownBy(() -> standard.decode(forged)).isInstanceOf(DecodingException.class);
    }

    @Test
    void textThatUtf8CannotCarry_isRefused() {
        assertThatThrownBy(() -> standard.encode("a\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> standard.encode("\udc00b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void enumsOfOtherTypes_areNoKeysOfThisOne() {
        @SuppressWarnings("unchecked")
        Codec<Object> colours = (Codec<Object>) (Codec<?>) Codec.of(Colour.class);
        assertThatThrownBy(() -> colours.encode(Fruit.RED)).isInstanceOf(ClassCastException.class);
    }
}
