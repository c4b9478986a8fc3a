// SPDX-License-Identifier: Apache-2.0
/** Looking at a node and changing the cluster. */
@NullMarked
package io.holdfast.server.admin;

import org.jspecify.annotations.NullMarked;
