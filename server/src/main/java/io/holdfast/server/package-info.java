// SPDX-License-Identifier: Apache-2.0
/** A node of a Holdfast cluster. */
@NullMarked
package io.holdfast.server;

import org.jspecify.annotations.NullMarked;
