// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** How many attributes a namespace has. */
public record NamespaceInspection(ObjectInfo object, long size) implements ObjectInspection {}
