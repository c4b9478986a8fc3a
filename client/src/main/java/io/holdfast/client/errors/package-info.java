// SPDX-License-Identifier: Apache-2.0
/** What can go wrong, and what a caller may conclude from it. */
@NullMarked
package io.holdfast.client.errors;

import org.jspecify.annotations.NullMarked;
