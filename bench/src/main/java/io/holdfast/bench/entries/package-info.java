// SPDX-License-Identifier: Apache-2.0
/** Measures the longest time that one log entry keeps the applying thread, in the states that cost it most. */
@NullMarked
package io.holdfast.bench.entries;

import org.jspecify.annotations.NullMarked;
