// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: {@code 500ms}, {@code 10s}, {@code 64MiB}, {@code 1048576}. */
final class Quantities {
    /** Nine digits: enough for every bound there is, and no product with a unit overflows. */
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(?:\\s*(KiB|MiB|GiB))?");

    private Quantities() {}

    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    /** In bytes. */
    static Optional<Long> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null) {
            return Optional.of(number);
        }
        return Optional.of(
                switch (unit) {
                    case "KiB" -> Math.multiplyExact(number, 1L << 10);
                    case "MiB" -> Math.multiplyExact(number, 1L << 20);
                    default -> saturatedShift(number);
                });
    }

    /** 999,999,999,999 GiB are more than a long counts; the range check that follows refuses it all the same. */
    private static long saturatedShift(long number) {
        return number > Long.MAX_VALUE >> 30 ? Long.MAX_VALUE : number << 30;
    }
}
