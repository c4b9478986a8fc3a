// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.SharedObject;

/** Turns references that are read back into live handles. */
@FunctionalInterface
public interface References {
    /**
     * The object of that id.
     *
     * @throws io.holdfast.client.errors.ObjectDeletedException if it is gone
     */
    SharedObject resolve(long object);
}
