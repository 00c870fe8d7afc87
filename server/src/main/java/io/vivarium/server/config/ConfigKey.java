/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the table of keys.
 *
 * @param name as it stands in a configuration file; a last part of {@code *}, {@code N} or {@code G} is a pattern
 * @param unit empty if the value has none
 * @param defaultText the default if it is a constant, else what it is computed from
 * @param documentedNames names under which stock documents the key although only {@code name} works there; here they work
 */
record ConfigKey(
        String name,
        Type type,
        String unit,
        String defaultText,
        Limits limits,
        Source source,
        Status status,
        List<String> documentedNames) {

    /** What the value is. */
    enum Type {
        INT,
        LONG,
        RATIO,
        BOOL,
        YES_NO,
        TEXT,
        LIST,
        PATH,
        HOST,
        CLASS,
        MEMBER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '/');
        }
    }

    /** Where the value is read from (spec operations 1.2). */
    enum Source {
        /** A line of the file only; a wrong value ends the start. */
        FILE("P"),
        /** A line {@code K} of the file or {@code -Dzookeeper.K}; the file wins; a wrong value means the default. */
        FILE_OR_PROPERTY("Z"),
        /** A raw system property; here a line of the file works, too, but the property wins. */
        PROPERTY("J"),
        /** A line of the file that a system property overrides. */
        FILE_WITH_OVERRIDE("PZ");

        private final String code;

        Source(String code) {
            this.code = code;
        }

        @Override
        public String toString() {
            return code;
        }
    }

    /** What this version does with it. */
    enum Status {
        /** This version acts on it. */
        IN_EFFECT("in effect"),
        /** Known and logged, but nothing acts on it yet. */
        LATER("not yet in effect"),
        /** Asks for a protection that cannot be given yet: a server that starts without it would be a trap. */
        GUARDED("refused if true"),
        /** The part it tunes in stock does not exist here. */
        NOTHING_TO_TUNE("nothing to tune");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static ConfigKey key(
            String name, Type type, String unit, String defaultText, Limits limits, Source source, Status status) {
        return new ConfigKey(name, type, unit, defaultText, limits, source, status, List.of());
    }

    ConfigKey orDocumentedAs(String other) {
        List<String> names = new ArrayList<>(documentedNames);
        names.add(other);
        return new ConfigKey(name, type, unit, defaultText, limits, source, status, List.copyOf(names));
    }

    /** Whether a key of a file is this one. */
    boolean matches(String key) {
        if (name.endsWith(".*")) {
            return key.startsWith(name.substring(0, name.length() - 1));
        }
        return key.equals(name);
    }

    /** The system property that sets it. */
    String property() {
        return source == Source.PROPERTY ? name : ConfigKeys.PROPERTY_PREFIX + name;
    }

    /** The value with its unit, for messages. */
    String withUnit(String value) {
        return unit.isEmpty() ? value : value + " " + unit;
    }
}
