// SPDX-License-Identifier: Apache-2.0
/**
 * No client can take the cluster down: ordinary calls, in numbers that once ended all three nodes, on nodes with their
 * default heap.
 */
@NullMarked
package io.holdfast.chaos.bounds;

import org.jspecify.annotations.NullMarked;
