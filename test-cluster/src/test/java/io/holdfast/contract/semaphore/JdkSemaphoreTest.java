// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.semaphore;

/** That the contract is the JDK's, and not ours. A fair one, since ours is. */
class JdkSemaphoreTest extends SemaphoreContract {
    @Override
    AnySemaphore semaphore(int permits) {
        return new AnySemaphore.OfTheJdk(permits);
    }
}
