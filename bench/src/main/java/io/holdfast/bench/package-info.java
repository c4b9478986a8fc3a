// SPDX-License-Identifier: Apache-2.0
/** Benchmarks against a cluster that runs: how fast, how late, and where the time goes. */
@NullMarked
package io.holdfast.bench;

import org.jspecify.annotations.NullMarked;
