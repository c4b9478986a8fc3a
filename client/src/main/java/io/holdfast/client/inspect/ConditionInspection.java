// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * What a condition is in.
 *
 * @param lock the id of the lock that it belongs to
 * @param waiters those that wait to be signalled; those that were wait for the lock
 */
public record ConditionInspection(ObjectInfo object, long lock, Waiters waiters) implements ObjectInspection {}
