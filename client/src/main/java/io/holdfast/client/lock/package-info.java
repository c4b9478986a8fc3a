// SPDX-License-Identifier: Apache-2.0
/** The room of the Lock. */
@NullMarked
package io.holdfast.client.lock;

import org.jspecify.annotations.NullMarked;
