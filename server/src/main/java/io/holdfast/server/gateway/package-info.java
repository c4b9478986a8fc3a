// SPDX-License-Identifier: Apache-2.0
/** The side of a node that clients talk to: streams of sessions, joined into batches. */
@NullMarked
package io.holdfast.server.gateway;

import org.jspecify.annotations.NullMarked;
