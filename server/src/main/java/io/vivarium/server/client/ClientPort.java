/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.server.auth.AuthRequirement;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.RequestRoute;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.WatchService;
import io.vivarium.server.session.SessionTimeouts;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything a client connection works with; shared by all of them, made once by the composition root.
 *
 * @param route where sessions and writes go
 * @param service whom this server lets in now; asked for each connect request
 * @param lastZxid the last zxid applied, or the start of the epoch if that is greater: what a client may have seen already
 * @param nanoClock monotonic, nanoseconds
 * @param wallClock milliseconds since 1970, for reports only
 */
public record ClientPort(
        Limits limits,
        RequestRoute route,
        TreeGate gate,
        ReadService reads,
        WatchService watches,
        AuthSchemes schemes,
        AuthRequirement authRequirement,
        SessionTimeouts timeouts,
        Admission admission,
        UnsentBytes unsent,
        LargeRequests largeRequests,
        ConnectionThrottle connectionThrottle,
        TextCommands commands,
        Supplier<ServiceMode> service,
        LongSupplier lastZxid,
        LongSupplier nanoClock,
        LongSupplier wallClock) {

    /**
     * Limits of one connection.
     *
     * @param maxFrameBytes {@code jute.maxbuffer}: greatest frame
     * @param maxFieldBytes greatest string or buffer inside a frame
     * @param sessionlessTimeoutMillis how long a connection may stay without a session
     * @param maxUnsentBytes answers and events a client has not taken; beyond it the connection is closed
     */
    public record Limits(int maxFrameBytes, int maxFieldBytes, int sessionlessTimeoutMillis, long maxUnsentBytes) {
        /** No client sends more than 50 bytes; what has no session yet is not worth a megabyte. */
        private static final int MAX_CONNECT_BYTES = 64 * 1024;

        /** Greatest connect request. */
        int maxConnectBytes() {
            return Math.min(MAX_CONNECT_BYTES, maxFrameBytes);
        }
    }
}
