/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Ports on loopback that stay free while the server that owns them is down.
 *
 * <p>They lie below the range from which the system takes the ports of outgoing connections, so no client can sit on one
 * when a killed server comes back; and one JVM never gives one out twice. Thread: any.
 */
final class LoopbackPorts {
    private static final int FIRST = 15_000;
    private static final int COUNT = 17_000;

    /** Two builds on one machine begin at different places. */
    private static int next = new SplittableRandom().nextInt(COUNT);

    private LoopbackPorts() {}

    /** A port that nobody listens on. */
    static synchronized int reserve() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + next;
            next = (next + 1) % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + (FIRST + COUNT - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
