// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: runs a node, and tells a cluster's nodes what an operator wants of them, through the same Admin
 * service that any other tool may use. One class a command.
 */
@NullMarked
package io.holdfast.server.cli;

import org.jspecify.annotations.NullMarked;
