// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One group of keys of the configuration, asked key by key for typed values.
 *
 * <p>Every key in it is known: an unknown one is refused before anything is read, because a misspelt key that is
 * silently ignored is a default that nobody wanted.
 */
final class Section {
    private final Yaml.Mapping mapping;

    private Section(Yaml.Mapping mapping) {
        this.mapping = mapping;
    }

    static Section of(Yaml.Mapping mapping, List<String> known) {
        for (Map.Entry<String, Yaml> entry : mapping.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw entry.getValue().place().mistake("unknown key; known here: " + String.join(", ", known));
            }
        }
        return new Section(mapping);
    }

    /** The group under {@code key}; one that is missing is empty, and all its values are defaults. */
    Section section(String key, List<String> known) {
        Yaml value = mapping.entries().get(key);
        if (value == null || value instanceof Yaml.Nothing) {
            return new Section(
                    new Yaml.Mapping(mapping.place().at(key, mapping.place().line()), Map.of()));
        }
        return of(mappingOf(value), known);
    }

    /** The keys and values under {@code key}, which must be there. */
    Yaml.Mapping mapping(String key) {
        return mappingOf(required(key));
    }

    static Yaml.Mapping mappingOf(Yaml value) {
        if (value instanceof Yaml.Mapping group) {
            return group;
        }
        throw value.place().mistake("must be a group of keys, but is " + value.described());
    }

    /** A complaint about the value of {@code key}. */
    ConfigException mistake(String key, String what) {
        Yaml value = mapping.entries().get(key);
        Place place = value == null ? mapping.place().at(key, mapping.place().line()) : value.place();
        return place.mistake(what);
    }

    String text(String key) {
        return scalar(required(key));
    }

    Endpoint endpoint(String key) {
        Yaml value = required(key);
        try {
            return Endpoint.parse(scalar(value));
        } catch (IllegalArgumentException e) {
            throw value.place().mistake(String.valueOf(e.getMessage()));
        }
    }

    boolean flag(String key, boolean byDefault) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return byDefault;
        }
        return switch (scalar(value)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw value.place().mistake(value.described() + " is neither true nor false");
        };
    }

    Duration duration(String key, String byDefault, String least, String most) {
        Yaml value = mapping.entries().get(key);
        Duration duration = Quantities.duration(value == null ? byDefault : scalar(value))
                .orElseThrow(() -> mistake(
                        key,
                        described(key) + " is not a duration; write a whole number and ms, s, m or h, as "
                                + byDefault));
        if (duration.compareTo(Quantities.duration(least).orElseThrow()) < 0
                || duration.compareTo(Quantities.duration(most).orElseThrow()) > 0) {
            throw outOfRange(key, least, most);
        }
        return duration;
    }

    /** In bytes. */
    long size(String key, String byDefault, String least, String most) {
        Yaml value = mapping.entries().get(key);
        long size = Quantities.size(value == null ? byDefault : scalar(value))
                .orElseThrow(() -> mistake(
                        key,
                        described(key) + " is not a size; write bytes, or a whole number and KiB, MiB or GiB, as "
                                + byDefault));
        if (size < Quantities.size(least).orElseThrow()
                || size > Quantities.size(most).orElseThrow()) {
            throw outOfRange(key, least, most);
        }
        return size;
    }

    int count(String key, int byDefault, int least, int most) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            return byDefault;
        }
        String text = scalar(value);
        if (!text.matches("-?\\d{1,18}")) {
            throw mistake(key, described(key) + " is not a whole number");
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw outOfRange(key, Integer.toString(least), Integer.toString(most));
        }
        return (int) number;
    }

    private ConfigException outOfRange(String key, String least, String most) {
        return mistake(key, described(key) + " is out of range; it may be " + least + " to " + most);
    }

    private String described(String key) {
        return required(key).described();
    }

    private Yaml required(String key) {
        Yaml value = mapping.entries().get(key);
        if (value == null) {
            throw mapping.place().mistake("the key '" + key + "' is missing");
        }
        return value;
    }

    private static String scalar(Yaml value) {
        if (value instanceof Yaml.Scalar scalar) {
            return scalar.text();
        }
        throw value.place().mistake("must be a single value, but is " + value.described());
    }
}
