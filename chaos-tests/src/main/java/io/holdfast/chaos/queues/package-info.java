// SPDX-License-Identifier: Apache-2.0
/** One queue that items go through while nodes, producers and consumers are killed. */
@NullMarked
package io.holdfast.chaos.queues;

import org.jspecify.annotations.NullMarked;
