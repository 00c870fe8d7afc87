/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

/**
 * How much the server takes on at once.
 *
 * @param globalOutstandingLimit requests in flight before reading from clients stops
 */
public record ThrottleConfig(int globalOutstandingLimit) {
    public ThrottleConfig {
        if (globalOutstandingLimit < 1) {
            throw new ConfigException("globalOutstandingLimit=" + globalOutstandingLimit + " requests is less than 1");
        }
    }

    static ThrottleConfig from(ConfigValues values) {
        return new ThrottleConfig(values.integer("globalOutstandingLimit"));
    }
}
