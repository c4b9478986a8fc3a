// SPDX-License-Identifier: Apache-2.0
/** Health and metrics over HTTP. */
@NullMarked
package io.holdfast.server.health;

import org.jspecify.annotations.NullMarked;
