// SPDX-License-Identifier: Apache-2.0
/** What {@code inspect} and {@code objects} tell about shared objects. */
@NullMarked
package io.holdfast.client.inspect;

import org.jspecify.annotations.NullMarked;
