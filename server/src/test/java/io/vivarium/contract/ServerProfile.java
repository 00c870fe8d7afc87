/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A configuration under which both servers are started, once for all suites that name it.
 *
 * <p>A suite whose scripts disturb others (root node, counters, quota trees) has a profile of its own. Immutable.
 */
record ServerProfile(String name, Map<String, String> config, Map<String, String> properties) {
    static final ServerProfile DEFAULT =
            new ServerProfile("default", Map.of("tickTime", "2000", "maxClientCnxns", "0"), Map.of());

    static ServerProfile named(String name) {
        return new ServerProfile(name, DEFAULT.config, DEFAULT.properties);
    }

    ServerProfile config(String key, String value) {
        return new ServerProfile(name, with(config, key, value), properties);
    }

    ServerProfile property(String key, String value) {
        return new ServerProfile(name, config, with(properties, key, value));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
