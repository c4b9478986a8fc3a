// SPDX-License-Identifier: Apache-2.0
/** Meters that several parts of a node share. */
@NullMarked
package io.holdfast.server.metrics;

import org.jspecify.annotations.NullMarked;
