/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * The port for clients.
 *
 * @param address where to listen, host not resolved; port 0 lets the system choose; null for no port at all
 * @param maxConnectionsPerAddress 0 = no limit
 * @param maxConnections 0 = no limit
 * @param listenBacklog -1 = default of the platform
 * @param maxRequestBytes {@code jute.maxbuffer}
 * @param extraBytes what records that servers make may have on top of it
 * @param sessionlessTimeoutMillis a connection without a session is closed after it
 */
public record ClientPortConfig(
        @Nullable HostPort address,
        int maxConnectionsPerAddress,
        int maxConnections,
        int listenBacklog,
        int maxRequestBytes,
        int extraBytes,
        int sessionlessTimeoutMillis,
        boolean tcpKeepAlive) {
    private static final int LEAST_EXTRA_BYTES = 1024;

    public ClientPortConfig {
        if (maxConnectionsPerAddress < 0 || maxConnections < 0) {
            throw new ConfigException("connection limits must not be negative: maxClientCnxns="
                    + maxConnectionsPerAddress + ", maxCnxns=" + maxConnections);
        }
        extraBytes = Math.max(LEAST_EXTRA_BYTES, extraBytes);
    }

    static ClientPortConfig from(ConfigValues values, @Nullable HostPort address) {
        int maxRequestBytes = values.integer("jute.maxbuffer");
        return new ClientPortConfig(
                address,
                values.integer("maxClientCnxns"),
                values.integer("maxCnxns"),
                values.integer("clientPortListenBacklog"),
                maxRequestBytes,
                values.integerOr("jute.maxbuffer.extrasize", maxRequestBytes),
                values.integer("nio.sessionlessCnxnTimeout"),
                values.flag("clientTcpKeepAlive"));
    }
}
