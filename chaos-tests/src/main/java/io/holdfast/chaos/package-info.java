// SPDX-License-Identifier: Apache-2.0
/** Real clusters of processes, and what is done to them. */
@NullMarked
package io.holdfast.chaos;

import org.jspecify.annotations.NullMarked;
