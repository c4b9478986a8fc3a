// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of parts, with JMH. Its state objects are filled by its own means, which NullAway cannot follow. */
@NullUnmarked
package io.holdfast.bench.jmh;

import org.jspecify.annotations.NullUnmarked;
