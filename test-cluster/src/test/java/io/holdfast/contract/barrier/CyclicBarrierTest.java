// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.barrier;

/** That the contract is the JDK's, and not ours. */
class CyclicBarrierTest extends BarrierContract {
    @Override
    AnyBarrier barrier(int parties) {
        return new AnyBarrier.OfTheJdk(parties, null);
    }

    @Override
    AnyBarrier barrier(int parties, Runnable action) {
        return new AnyBarrier.OfTheJdk(parties, action);
    }
}
