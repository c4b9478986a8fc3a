// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host and a port, as {@code host:port}. An IPv6 host is kept without its brackets. */
public record Endpoint(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+]):(?<port>\\d{1,9})");

    /**
     * Reads {@code host:port}; an IPv6 address is written as {@code [::1]:4501}.
     *
     * @throws IllegalArgumentException if it is not of that form; the message says what is wrong and what to write
     */
    public static Endpoint parse(String text) {
        if (text.contains("_")) {
            throw new IllegalArgumentException("'" + text + "' has an underscore, which no host name has; give the"
                    + " machine another name, or write its IP address");
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an address; write host:port, as 127.0.0.1:4501");
        }
        String host = matcher.group("host");
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = Integer.parseInt(matcher.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port of '" + text + "' is out of range; it may be 1 to 65535");
        }
        if (host.equals("0.0.0.0") || host.equals("::")) {
            throw new IllegalArgumentException("'" + text + "' is no address that others can connect to; write the"
                    + " one by which clients and the other nodes reach this node");
        }
        return new Endpoint(host, port);
    }

    /**
     * Whether only programs on this machine can reach it.
     *
     * @throws UnknownHostException if the host is a name that cannot be resolved
     */
    public boolean isLoopback() throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
