/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.server.config.ConfigKey.Source;
import io.vivarium.server.config.ConfigKey.Status;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is said about the keys of a file as such: misspelt ones, ones without effect, ones that work here although they do
 * not in stock (spec operations 8.17 and 8.18). Values are not printed, because some are passwords.
 */
final class KeyReview {
    private final Path file;
    private final Map<String, String> properties;
    private final ConfigLog log;

    KeyReview(Path file, Map<String, String> properties, ConfigLog log) {
        this.file = file;
        this.properties = properties;
        this.log = log;
    }

    /** Looks at every line; fails for a protection that is asked for and cannot be given. */
    void review(Map<String, String> entries) {
        entries.forEach((key, value) -> {
            Optional<ConfigKey> known = ConfigKeys.find(key);
            if (known.isPresent()) {
                reviewKnown(known.get(), key, value);
                return;
            }
            Optional<ConfigKey> meant = ConfigKeys.findDocumented(key).or(() -> withoutPrefix(key));
            if (meant.isPresent()) {
                reviewOtherName(meant.get(), key, value, entries);
            } else {
                reviewUnknown(key);
            }
        });
    }

    /** The same for what the command line sets by {@code -D}, as far as it would surprise. */
    void reviewProperties() {
        for (ConfigKey row : ConfigKeys.ALL) {
            String value = row.source() == Source.FILE ? null : properties.get(row.property());
            if (value != null && (row.status() == Status.LATER || row.status() == Status.GUARDED)) {
                reviewKnown(row, row.property(), value.strip());
            }
        }
    }

    private void reviewKnown(ConfigKey row, String key, String value) {
        if (value.equalsIgnoreCase(row.defaultText()) && row.status() != Status.IN_EFFECT) {
            return;
        }
        switch (row.status()) {
            case IN_EFFECT -> reviewSource(row, key);
            case LATER -> log.warn("Key " + key + " is known but not yet in effect in this version");
            case GUARDED -> {
                if (value.equalsIgnoreCase("true")) {
                    throw new ConfigException(key + "=true asks for a protection that this version cannot give yet;"
                            + " the server does not start without it");
                }
            }
            case NOTHING_TO_TUNE -> log.info("Key " + key + " is accepted; this server has nothing that it would tune");
        }
    }

    private void reviewSource(ConfigKey row, String key) {
        if (row.source() != Source.PROPERTY) {
            return;
        }
        if (properties.containsKey(row.property())) {
            log.warn("Key " + key + " in " + file + " is overridden by -D" + row.property());
        } else {
            log.info("Key " + key + " in " + file + " is in effect; stock servers read it only as -D" + row.property());
        }
    }

    private void reviewOtherName(ConfigKey row, String key, String value, Map<String, String> entries) {
        if (entries.containsKey(row.name())) {
            log.warn("Key " + key + " in " + file + " is ignored, because " + row.name() + " is there, too");
            return;
        }
        log.info("Key " + key + " in " + file + " is taken as " + row.name() + "; stock servers ignore that spelling");
        reviewKnown(row, key, value);
    }

    private void reviewUnknown(String key) {
        String hint = ConfigKeys.nearest(key)
                .map(nearest -> ". Did you mean " + nearest + "?")
                .orElse("");
        log.warn("Unknown key " + key + " in " + file + hint);
    }

    private static Optional<ConfigKey> withoutPrefix(String key) {
        return key.startsWith(ConfigKeys.PROPERTY_PREFIX)
                ? ConfigKeys.find(key.substring(ConfigKeys.PROPERTY_PREFIX.length()))
                : Optional.empty();
    }
}
