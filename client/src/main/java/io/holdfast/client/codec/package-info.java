// SPDX-License-Identifier: Apache-2.0
/** How Java values become values that every language can read, and back. */
@NullMarked
package io.holdfast.client.codec;

import org.jspecify.annotations.NullMarked;
