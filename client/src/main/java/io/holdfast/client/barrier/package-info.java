// SPDX-License-Identifier: Apache-2.0
/** The room of the Barrier. */
@NullMarked
package io.holdfast.client.barrier;

import org.jspecify.annotations.NullMarked;
