// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** How many entries a dict has. */
public record DictInspection(ObjectInfo object, long size) implements ObjectInspection {}
