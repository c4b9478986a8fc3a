// SPDX-License-Identifier: Apache-2.0
/** Shared namespaces. */
@NullMarked
package io.holdfast.client.namespace;

import org.jspecify.annotations.NullMarked;
