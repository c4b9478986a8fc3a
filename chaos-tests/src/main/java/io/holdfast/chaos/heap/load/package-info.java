// SPDX-License-Identifier: Apache-2.0
/** The client processes of the heap run: every operation of every kind of object, and the ways in which clients misbehave. */
@NullMarked
package io.holdfast.chaos.heap.load;

import org.jspecify.annotations.NullMarked;
