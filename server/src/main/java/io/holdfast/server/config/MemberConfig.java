// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.nio.file.Path;

/**
 * One node of the cluster.
 *
 * @param name the node's name: letters, digits, '-' and '_'
 * @param client where clients reach it
 * @param raft where the other nodes reach it
 * @param http where health and metrics are served
 * @param data its data folder
 */
public record MemberConfig(String name, Endpoint client, Endpoint raft, Endpoint http, Path data) {}
