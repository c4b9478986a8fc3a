// SPDX-License-Identifier: Apache-2.0
/** A node: its data folder, how it joins its cluster, and all its parts put together. */
@NullMarked
package io.holdfast.server.node;

import org.jspecify.annotations.NullMarked;
