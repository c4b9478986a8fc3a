// SPDX-License-Identifier: Apache-2.0
/** The room of the Semaphore. */
@NullMarked
package io.holdfast.client.semaphore;

import org.jspecify.annotations.NullMarked;
