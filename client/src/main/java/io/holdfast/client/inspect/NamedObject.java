// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** An entry of the list of all names. */
public record NamedObject(String name, long id, ObjectKind kind) {}
