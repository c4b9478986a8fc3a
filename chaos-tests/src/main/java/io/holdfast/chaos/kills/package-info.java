// SPDX-License-Identifier: Apache-2.0
/** Nodes are killed with -9 at random under load; nothing acknowledged may be lost, nothing may take effect twice. */
@NullMarked
package io.holdfast.chaos.kills;

import org.jspecify.annotations.NullMarked;
