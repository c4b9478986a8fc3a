// SPDX-License-Identifier: Apache-2.0
/** {@code bin/holdfast demo}: what Holdfast promises, shown in a minute. */
@NullMarked
package io.holdfast.chaos.demo;

import org.jspecify.annotations.NullMarked;
