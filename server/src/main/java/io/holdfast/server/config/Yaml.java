// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.util.Map;

/**
 * A YAML document as it was written, every part with its place.
 *
 * <p>Not bound to records by Jackson, because its tree and its records forget the lines, and a mistake that is found
 * later (a range, two ports that are equal) could not say where it is.
 */
sealed interface Yaml {
    Place place();

    /** A single value; what it means is for the reader to say. */
    record Scalar(Place place, String text) implements Yaml {}

    /** A key without a value, or with {@code null}. */
    record Nothing(Place place) implements Yaml {}

    /** Keys and values, in the order of the file. */
    record Mapping(Place place, Map<String, Yaml> entries) implements Yaml {}

    /** A list; no key of ours takes one. */
    record Sequence(Place place) implements Yaml {}

    /** What it is, in the words of a message. */
    default String described() {
        if (this instanceof Scalar scalar) {
            return "'" + scalar.text() + "'";
        }
        if (this instanceof Nothing) {
            return "nothing";
        }
        return this instanceof Mapping ? "a group of keys" : "a list";
    }
}
