// SPDX-License-Identifier: Apache-2.0
/** A leader that was paused and comes back must not answer with what was true before. */
@NullMarked
package io.holdfast.chaos.reads;

import org.jspecify.annotations.NullMarked;
