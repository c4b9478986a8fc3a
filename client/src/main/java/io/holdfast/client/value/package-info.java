// SPDX-License-Identifier: Apache-2.0
/** The room of the Value: one typed cell. */
@NullMarked
package io.holdfast.client.value;

import org.jspecify.annotations.NullMarked;
