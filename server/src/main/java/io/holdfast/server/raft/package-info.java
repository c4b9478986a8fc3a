// SPDX-License-Identifier: Apache-2.0
/** The Ratis adapter: replicates batches, applies them to the kernel, keeps snapshots, changes members. */
@NullMarked
package io.holdfast.server.raft;

import org.jspecify.annotations.NullMarked;
