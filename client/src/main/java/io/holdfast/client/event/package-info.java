// SPDX-License-Identifier: Apache-2.0
/** The room of the Event. */
@NullMarked
package io.holdfast.client.event;

import org.jspecify.annotations.NullMarked;
