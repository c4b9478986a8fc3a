// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

/** An open object: its id, and the name it was opened by (empty: none). */
public record ObjectRef(long id, String name) {
    @Override
    public String toString() {
        return name.isEmpty() ? "#" + id : "'" + name + "' (#" + id + ")";
    }
}
