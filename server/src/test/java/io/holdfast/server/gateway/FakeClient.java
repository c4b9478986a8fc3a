// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.ServerFrame;

/** The network's side of a session's stream. */
final class FakeClient extends FakeTransport<ServerFrame> {}
