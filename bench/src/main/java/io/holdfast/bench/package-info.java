// SPDX-License-Identifier: Apache-2.0
/** Benchmarks: what a cluster does a second, how long it takes, and what becomes of its memory and its disks. */
@NullMarked
package io.holdfast.bench;

import org.jspecify.annotations.NullMarked;
