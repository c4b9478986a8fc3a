// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * What an array is.
 *
 * @param typecode the letter of its type code
 * @param length how many cells it has
 */
public record ArrayInspection(ObjectInfo object, char typecode, int length) implements ObjectInspection {}
