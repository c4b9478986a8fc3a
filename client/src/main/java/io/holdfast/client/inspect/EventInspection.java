// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** What an event is in: whether it is set, and who waits for it. */
public record EventInspection(ObjectInfo object, boolean set, Waiters waiters) implements ObjectInspection {}
