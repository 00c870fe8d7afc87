/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import org.jspecify.annotations.Nullable;

/**
 * How much the server takes on at once.
 *
 * @param globalOutstandingLimit requests in flight before reading from clients stops
 * @param largeRequestThreshold a longer request is a large one, bytes; below 1 there are none
 * @param largeRequestMaxBytes what large requests may hold together, bytes
 * @param connections how many sessions may be asked for in a time
 */
public record ThrottleConfig(
        int globalOutstandingLimit,
        int largeRequestThreshold,
        long largeRequestMaxBytes,
        ConnectionTokens connections) {

    /**
     * The token bucket for connect requests.
     *
     * @param tokens size of the bucket, 0 for none
     * @param freezeTimeMillis -1: nothing is refused by chance
     */
    public record ConnectionTokens(
            int tokens,
            int fillTimeMillis,
            int fillCount,
            int freezeTimeMillis,
            double dropIncrease,
            double dropDecrease,
            double decreaseRatio,
            int newSessionCost,
            int renewedSessionCost) {
        static ConnectionTokens from(ConfigValues values, @Nullable QuorumConfig quorum) {
            boolean weighted = values.flag("connection_throttle_weight_enabled");
            // Where sessions may be local, each new one is.
            String weight = quorum != null && quorum.localSessions()
                    ? "connection_throttle_local_session_weight"
                    : "connection_throttle_global_session_weight";
            return new ConnectionTokens(
                    values.integer("connection_throttle_tokens"),
                    values.integer("connection_throttle_fill_time"),
                    values.integer("connection_throttle_fill_count"),
                    values.integer("connection_throttle_freeze_time"),
                    values.ratio("connection_throttle_drop_increase"),
                    values.ratio("connection_throttle_drop_decrease"),
                    values.ratio("connection_throttle_decrease_ratio"),
                    weighted ? values.integer(weight) : 1,
                    weighted ? values.integer("connection_throttle_renew_session_weight") : 1);
        }
    }

    public ThrottleConfig {
        if (globalOutstandingLimit < 1) {
            throw new ConfigException("globalOutstandingLimit=" + globalOutstandingLimit + " requests is less than 1");
        }
    }

    /** @param quorum null for a standalone server */
    static ThrottleConfig from(ConfigValues values, @Nullable QuorumConfig quorum) {
        int outstanding = values.integer("globalOutstandingLimit");
        int throttled = values.integer("request_throttle_max_requests");
        return new ThrottleConfig(
                throttled > 0 ? Math.min(outstanding, throttled) : outstanding,
                values.integer("largeRequestThreshold"),
                values.integer("largeRequestMaxBytes"),
                ConnectionTokens.from(values, quorum));
    }
}
