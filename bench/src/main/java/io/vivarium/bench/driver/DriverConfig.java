/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where and how a driver connects.
 *
 * @param servers dealt to the sessions in turn
 * @param sessions number of sessions
 * @param depth requests in flight per session
 * @param loops event-loop threads
 * @param sessionTimeoutMillis asked of the server
 */
public record DriverConfig(
        List<InetSocketAddress> servers, int sessions, int depth, int loops, int sessionTimeoutMillis) {
    public static final int DEFAULT_SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int DEFAULT_PORT = 2181;

    public DriverConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server given");
        }
        atLeastOne("sessions", sessions);
        atLeastOne("depth", depth);
        atLeastOne("event loops", loops);
        atLeastOne("session timeout (ms)", sessionTimeoutMillis);
    }

    public static DriverConfig of(List<InetSocketAddress> servers, int sessions, int depth) {
        return new DriverConfig(servers, sessions, depth, 1, DEFAULT_SESSION_TIMEOUT_MILLIS);
    }

    /** Reads {@code host:port,host:port}; the port is 2181 where none is given; IPv6 stands in brackets. */
    public static List<InetSocketAddress> parseServers(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            servers.add(parseServer(part.trim(), text));
        }
        return servers;
    }

    private static InetSocketAddress parseServer(String part, String whole) {
        int colon = part.lastIndexOf(':');
        boolean hasPort = colon > part.lastIndexOf(']');
        String host = hasPort ? part.substring(0, colon) : part;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("empty host in server list '" + whole + "'");
        }
        return new InetSocketAddress(host, hasPort ? parsePort(part.substring(colon + 1), whole) : DEFAULT_PORT);
    }

    private static int parsePort(String text, String whole) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls to the one message for both.
        }
        throw new IllegalArgumentException("port '" + text + "' in server list '" + whole + "' is not within 1..65535");
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " " + value + " is below 1");
        }
    }
}
