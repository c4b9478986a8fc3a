// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.barrier;

import io.holdfast.client.session.Session;

/**
 * A party of a round in which all have arrived.
 *
 * @param number it was the n-th to arrive, from 0
 * @param runsAction whether all others wait until it has run its action
 * @param round for the cluster: the round whose action it runs
 * @param session the session that it arrived in
 */
record Arrival(int number, boolean runsAction, long round, Session session) {}
