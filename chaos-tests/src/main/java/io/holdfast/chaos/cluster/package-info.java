// SPDX-License-Identifier: Apache-2.0
/** Real clusters on this machine: every node and every client a process of its own, with verbs for what befalls them. */
@NullMarked
package io.holdfast.chaos.cluster;

import org.jspecify.annotations.NullMarked;
