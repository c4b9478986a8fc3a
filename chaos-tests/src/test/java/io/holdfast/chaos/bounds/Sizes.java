// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

/** Selects the sizes of tests: large enough to fail without a bound, or the full size in {@code mvn -Pnightly verify}. */
final class Sizes {
    private static final boolean FULL = "full".equals(System.getProperty("holdfast.sizes"));

    private Sizes() {}

    static int of(int small, int full) {
        return FULL ? full : small;
    }
}
