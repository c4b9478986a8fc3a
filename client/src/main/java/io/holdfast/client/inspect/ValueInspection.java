// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * What a value holds.
 *
 * @param typecode the letter of its type code
 * @param value a Long, BigInteger, Double or String
 */
public record ValueInspection(ObjectInfo object, char typecode, Object value) implements ObjectInspection {}
