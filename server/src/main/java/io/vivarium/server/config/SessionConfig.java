/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

/**
 * Ticks and the session timeouts a client can negotiate.
 *
 * @param tickTimeMillis base unit, above 0
 */
public record SessionConfig(int tickTimeMillis, int minTimeoutMillis, int maxTimeoutMillis) {
    public SessionConfig {
        if (tickTimeMillis == 0) {
            throw new ConfigException("tickTime is not set");
        }
        if (minTimeoutMillis > maxTimeoutMillis) {
            throw new ConfigException("minSessionTimeout must not be larger than maxSessionTimeout");
        }
    }

    static SessionConfig from(ConfigValues values) {
        int tick = values.integer("tickTime");
        return new SessionConfig(
                tick,
                timeout(values, "minSessionTimeout", 2L * tick),
                timeout(values, "maxSessionTimeout", 20L * tick));
    }

    private static int timeout(ConfigValues values, String name, long otherwise) {
        int configured = values.integerOr(name, -1);
        return configured == -1 ? (int) Math.min(otherwise, Integer.MAX_VALUE) : configured;
    }
}
