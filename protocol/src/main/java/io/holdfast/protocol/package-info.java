// SPDX-License-Identifier: Apache-2.0
/** What clients, nodes and the state machine share beside the protobuf messages: ids and limits. */
@NullMarked
package io.holdfast.protocol;

import org.jspecify.annotations.NullMarked;
