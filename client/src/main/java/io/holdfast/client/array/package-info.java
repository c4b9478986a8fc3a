// SPDX-License-Identifier: Apache-2.0
/** The room of the Array: a fixed number of typed cells. */
@NullMarked
package io.holdfast.client.array;

import org.jspecify.annotations.NullMarked;
