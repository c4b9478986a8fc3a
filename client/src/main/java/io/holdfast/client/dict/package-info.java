// SPDX-License-Identifier: Apache-2.0
/** The room of the Dict: a shared map in insertion order. */
@NullMarked
package io.holdfast.client.dict;

import org.jspecify.annotations.NullMarked;
