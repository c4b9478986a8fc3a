// SPDX-License-Identifier: Apache-2.0
/** The core of the client, not part of its API: the session with the cluster, its connection, its lease, and the way of one command. */
@NullMarked
package io.holdfast.client.session;

import org.jspecify.annotations.NullMarked;
