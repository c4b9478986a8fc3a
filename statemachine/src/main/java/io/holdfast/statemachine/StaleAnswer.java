// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Answer;

/**
 * An answer from the state of some entry, which may not be the last that was committed.
 *
 * @param appliedIndex of that entry
 */
public record StaleAnswer(Answer answer, long appliedIndex) {}
