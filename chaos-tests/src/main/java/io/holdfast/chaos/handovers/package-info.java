// SPDX-License-Identifier: Apache-2.0
/** One lock that goes from process to process while nodes and clients are killed. */
@NullMarked
package io.holdfast.chaos.handovers;

import org.jspecify.annotations.NullMarked;
