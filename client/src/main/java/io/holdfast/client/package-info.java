// SPDX-License-Identifier: Apache-2.0
/** The Java client of Holdfast: {@link io.holdfast.client.HoldfastClient} is where to begin. */
@NullMarked
package io.holdfast.client;

import org.jspecify.annotations.NullMarked;
