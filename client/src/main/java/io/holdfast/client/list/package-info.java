// SPDX-License-Identifier: Apache-2.0
/** The room of the List: Python's list, as a {@link java.util.List}. */
@NullMarked
package io.holdfast.client.list;

import org.jspecify.annotations.NullMarked;
