// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.v1.Owner;

/** Who holds a lock or waits for one, in a world: a session, and who acts in it. */
record Party(long session, long tag) {
    static Party of(Owner owner) {
        return new Party(owner.getSession(), owner.getTag());
    }
}
