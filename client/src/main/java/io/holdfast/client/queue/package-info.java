// SPDX-License-Identifier: Apache-2.0
/** The room of the Queue. */
@NullMarked
package io.holdfast.client.queue;

import org.jspecify.annotations.NullMarked;
