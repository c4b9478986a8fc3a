// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

/**
 * The step that a connection to a node has come to, so that an error can say what was seen. One thread at a time writes it;
 * any thread reads it.
 */
final class ConnectProgress {
    /** The steps of a connection, in their order. */
    enum Step {
        LOOK_UP("its name was not resolved: the name server does not answer"),
        CONNECT("nothing answered the TCP connection: the host is down, or a firewall drops the packets"),
        HANDSHAKE(
                "the TCP connection was accepted, but nothing was sent over it: this is not a Holdfast client port, or"
                        + " its process is suspended or overloaded"),
        OPEN("the node accepted the connection, but did not answer: it is overloaded or suspended");

        private final String unanswered;

        Step(String unanswered) {
            this.unanswered = unanswered;
        }

        /** Returns what it means that a node does not answer at this step. */
        String unanswered() {
            return unanswered;
        }
    }

    private volatile Step step = Step.LOOK_UP;

    /** Notes the step that is under way now. */
    void begin(Step next) {
        step = next;
    }

    /** Returns the step that is under way, or that was when the connection failed. */
    Step step() {
        return step;
    }
}
