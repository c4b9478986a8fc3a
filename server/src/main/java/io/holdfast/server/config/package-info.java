// SPDX-License-Identifier: Apache-2.0
/** A node's configuration: read once at the start, checked whole, then immutable. */
@NullMarked
package io.holdfast.server.config;

import org.jspecify.annotations.NullMarked;
