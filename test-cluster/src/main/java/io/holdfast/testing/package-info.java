// SPDX-License-Identifier: Apache-2.0
/** A Holdfast cluster inside a JUnit test; see {@link io.holdfast.testing.HoldfastTestCluster}. */
@NullMarked
package io.holdfast.testing;

import org.jspecify.annotations.NullMarked;
