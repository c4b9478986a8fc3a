// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A network namespace whose only way out is a link of few bits a second. Needs root, {@code ip} and {@code tc}. */
final class SlowLink implements AutoCloseable {
    private static final String OUTSIDE = "10.213.77.1";
    private static final String INSIDE = "10.213.77.2";

    private final String name = "hf-" + ProcessHandle.current().pid();
    private final String outer = name + "o";
    private final String inner = name + "i";

    /**
     * Makes the namespace.
     *
     * @param rate as {@code tc} writes it
     * @throws IOException if that is not possible here; nothing is left then
     */
    static SlowLink of(String rate) throws IOException {
        SlowLink link = new SlowLink();
        try {
            link.set(rate);
            return link;
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private void set(String rate) throws IOException {
        run("ip", "netns", "add", name);
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
        run("ip", "addr", "add", OUTSIDE + "/30", "dev", outer);
        run("ip", "link", "set", outer, "up");
        run("ip", "-n", name, "addr", "add", INSIDE + "/30", "dev", inner);
        run("ip", "-n", name, "link", "set", inner, "up");
        run("tc", "qdisc", "add", "dev", outer, "root", "tbf", "rate", rate, "burst", "32kbit", "latency", "400ms");
        run(
                "tc", "-n", name, "qdisc", "add", "dev", inner, "root", "tbf", "rate", rate, "burst", "32kbit",
                "latency", "400ms");
    }

    /** Returns the address outside of the namespace that is reached through the link. */
    String address() {
        return OUTSIDE;
    }

    /** Returns the command that runs another command within the namespace. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Removes the namespace, and with it both ends of the link. */
    @Override
    public void close() throws IOException {
        run("ip", "link", "del", outer);
        run("ip", "netns", "del", name);
    }
}
