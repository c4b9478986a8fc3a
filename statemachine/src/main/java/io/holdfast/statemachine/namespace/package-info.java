// SPDX-License-Identifier: Apache-2.0
/** The room of Namespace. */
@NullMarked
package io.holdfast.statemachine.namespace;

import org.jspecify.annotations.NullMarked;
