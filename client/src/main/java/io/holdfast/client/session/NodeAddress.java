// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * The address of a node for clients.
 *
 * @param host a host name or an IP address; an IPv6 address has no brackets here
 * @param port 1 to 65,535
 */
public record NodeAddress(String host, int port) {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,9}");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host:port}. Looks up no name. The host of an IPv6 address is in brackets, as in {@code [::1]:4500}.
     *
     * @throws IllegalArgumentException if the text is not of that form; the message says what is wrong, and what to write
     */
    public static NodeAddress parse(String text) {
        if (text.contains("/")) {
            throw invalid(text, "is a URL or a path; write only the host and the port, as in n1.example.com:4500");
        }
        if (text.contains(",")) {
            throw invalid(text, "has a comma; give each address as an element of its own");
        }
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':'); // a colon in brackets is the address's own
        if (colon < 0) {
            throw invalid(text, "has no port; write host:port, as in n1.example.com:4500");
        }
        return new NodeAddress(host(text, text.substring(0, colon)), port(text, text.substring(colon + 1)));
    }

    private static String host(String text, String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            String inside = host.substring(1, host.length() - 1);
            if (!NetUtil.isValidIpV6Address(inside)) {
                throw invalid(text, "has no IPv6 address between its brackets; write it as in [::1]:4500");
            }
            return inside;
        }
        if (host.contains(":")) {
            throw invalid(text, "has more than one colon; write an IPv6 address in brackets, as in [::1]:4500");
        }
        if (!isHostName(host)) {
            throw invalid(
                    text,
                    "has no valid host name; one consists of letters, digits, '-' and '.'. Write host:port, as in"
                            + " n1.example.com:4500");
        }
        return host;
    }

    /** Host names are those of URIs: gRPC takes no others. */
    private static boolean isHostName(String host) {
        try {
            return host.equals(new URI(null, null, host, -1, null, null, null).getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(String text, String port) {
        if (!PORT.matcher(port).matches()) {
            throw invalid(text, "has no port number after its last colon; write host:port, as in n1.example.com:4500");
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > MAX_PORT) {
            throw invalid(text, "has the port " + number + "; a port is 1 to " + MAX_PORT);
        }
        return number;
    }

    private static IllegalArgumentException invalid(String text, String what) {
        return new IllegalArgumentException("The address '" + text + "' " + what + ".");
    }

    /** Returns whether the host is an IP address, which needs no look-up. */
    boolean isLiteral() {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
