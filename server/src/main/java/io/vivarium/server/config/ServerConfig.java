/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.server.auth.AuthConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was configured, checked, in one immutable value. Made once, by {@link ConfigLoader}.
 *
 * @param file the configuration file, absolute
 * @param text its whole text at start
 * @param quorum null for a standalone server
 * @param reconfigEnabled whether clients may ask for another membership
 * @param properties system properties as they would be with every line of the file that no part of the loader reads itself
 *     added as {@code zookeeper.<key>}; for reports
 */
public record ServerConfig(
        Path file,
        String text,
        ClientPortConfig clientPort,
        SessionConfig session,
        StorageConfig storage,
        ThrottleConfig throttle,
        TreeConfig tree,
        AuthConfig auth,
        AdminConfig admin,
        MetricsConfig metrics,
        @Nullable QuorumConfig quorum,
        boolean reconfigEnabled,
        Map<String, String> properties) {
    public ServerConfig {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    public boolean isStandalone() {
        return quorum == null;
    }

    /** Own server id; 0 for a standalone server. */
    public long sid() {
        return quorum == null ? 0 : quorum.sid();
    }
}
