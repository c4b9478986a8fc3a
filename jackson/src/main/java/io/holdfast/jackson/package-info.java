// SPDX-License-Identifier: Apache-2.0
/** Values of any class, as JSON by Jackson. An optional module beside the client. */
@NullMarked
package io.holdfast.jackson;

import org.jspecify.annotations.NullMarked;
