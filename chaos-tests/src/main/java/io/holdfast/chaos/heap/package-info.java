// SPDX-License-Identifier: Apache-2.0
/** A run that tries to exhaust the heap of the nodes, and the time of the thread that applies the log. */
@NullMarked
package io.holdfast.chaos.heap;

import org.jspecify.annotations.NullMarked;
