/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One open connection at one moment, for reports (spec operations 3.3, {@code cons}).
 *
 * @param interest what the server waits for: {@link #INTEREST_READ}, {@link #INTEREST_WRITE}
 * @param queued requests received and not answered
 * @param received packets
 * @param sent packets
 * @param timeoutMillis of the session; 0 without one
 * @param lastHeardNanos monotonic
 * @param session null before the client has one
 */
public record ConnectionView(
        InetSocketAddress peer,
        int interest,
        int queued,
        long received,
        long sent,
        int timeoutMillis,
        long lastHeardNanos,
        @Nullable SessionUse session) {
    public static final int INTEREST_READ = 1;
    public static final int INTEREST_WRITE = 4;

    /**
     * How the session has used the connection.
     *
     * @param lastOp four letters
     * @param lastCxid of the last request with an ordinary one; -1 if there was none
     * @param lastResponseMillis monotonic
     */
    public record SessionUse(
            long id,
            String lastOp,
            long establishedMillis,
            long lastCxid,
            long lastZxid,
            long lastResponseMillis,
            long lastLatency,
            long minLatency,
            long meanLatency,
            long maxLatency) {}
}
