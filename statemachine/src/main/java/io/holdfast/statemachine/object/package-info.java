// SPDX-License-Identifier: Apache-2.0
/** What all objects share: names, ids, parameters, references, and their end. */
@NullMarked
package io.holdfast.statemachine.object;

import org.jspecify.annotations.NullMarked;
