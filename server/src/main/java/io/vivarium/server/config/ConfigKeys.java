/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of every key that a configuration file can hold (spec operations 1.3 to 1.6). */
final class ConfigKeys {
    /** What turns a key of the file into the system property of the same meaning. */
    static final String PROPERTY_PREFIX = "zookeeper.";

    static final List<ConfigKey> ALL = Stream.of(GeneralKeys.ALL, MembershipKeys.ALL, StorageKeys.ALL, AdminKeys.ALL)
            .flatMap(List::stream)
            .toList();

    private static final Map<String, ConfigKey> BY_NAME = byName();

    private ConfigKeys() {}

    /** The row of a key that the server asks for; asking for one that the table lacks is a mistake of ours. */
    static ConfigKey named(String name) {
        ConfigKey key = BY_NAME.get(name);
        if (key == null) {
            throw new IllegalArgumentException("no key " + name + " in the table");
        }
        return key;
    }

    /** The row that a key of a file belongs to, by its real name. */
    static Optional<ConfigKey> find(String key) {
        ConfigKey exact = BY_NAME.get(key);
        return exact != null
                ? Optional.of(exact)
                : ALL.stream().filter(row -> row.matches(key)).findFirst();
    }

    /** The row that stock documents under this name, although the name does nothing there (spec operations 8.17). */
    static Optional<ConfigKey> findDocumented(String key) {
        return ALL.stream().filter(row -> row.documentedNames().contains(key)).findFirst();
    }

    /** The known key that is spelt most alike, if one is alike at all. */
    static Optional<String> nearest(String unknown) {
        String wanted = unknown.toLowerCase(Locale.ROOT);
        int best = Math.max(2, unknown.length() / 4) + 1;
        String nearest = null;
        for (ConfigKey row : ALL) {
            int distance = EditDistance.between(wanted, row.name().toLowerCase(Locale.ROOT));
            if (distance < best) {
                best = distance;
                nearest = row.name();
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static Map<String, ConfigKey> byName() {
        Map<String, ConfigKey> rows = new HashMap<>();
        for (ConfigKey row : ALL) {
            if (rows.put(row.name(), row) != null) {
                throw new IllegalStateException("key " + row.name() + " stands twice in the table");
            }
        }
        return Map.copyOf(rows);
    }
}
