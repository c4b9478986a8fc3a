// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.statemachine.Kernel;

/** State of one term in which this node leads. */
public record Serving(long term, Kernel kernel, LogClock clock, Leases leases, EntryPace pace) {}
