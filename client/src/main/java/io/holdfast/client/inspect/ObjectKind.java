// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** The sort of a shared object. */
public enum ObjectKind {
    LOCK,
    RLOCK,
    CONDITION,
    SEMAPHORE,
    EVENT,
    BARRIER,
    VALUE,
    DICT,
    QUEUE,
    LIST,
    NAMESPACE,
    ARRAY,
    /** A kind that this client does not know: the cluster is newer. */
    UNKNOWN
}
