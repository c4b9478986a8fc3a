// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * How many elements a list has, and how many bytes they take in their encoded form.
 *
 * @param object what is told of objects of every kind
 * @param size how many elements
 * @param bytes how many bytes
 */
public record ListInspection(ObjectInfo object, long size, long bytes) implements ObjectInspection {}
