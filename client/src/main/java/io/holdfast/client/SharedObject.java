// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.inspect.ObjectInspection;

/**
 * What all shared objects have in common. A facade is light and holds no state of the object: any number
 * of them may stand for the same object, in this client and in others.
 *
 * <p>Facades of one object are equal, also those of different clients of one cluster, and those that guard, bind an owner or
 * set a time to live. A list and a dict are also equal to others with equal contents, as {@link java.util.List} and {@link
 * java.util.Map} demand.
 */
public interface SharedObject {
    /** The object's id in the cluster, which is never used for another object. */
    long id();

    /**
     * The name it was opened by; empty where it has none. What lives without a name is told at {@link
     * HoldfastClient#drop}.
     */
    String name();

    /**
     * What it is, who has it and who waits for it, as of now.
     *
     * @throws io.holdfast.client.errors.ObjectDeletedException if it was deleted
     */
    ObjectInspection inspect();
}
