/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.server.config.ConfigKey.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Look-up of values by key: which source counts, which rule reads the number (spec operations 1.1, rules 7, 9 and 10).
 *
 * <p>Keys that stock reads from the file are strict: a wrong value ends the start. All others are lenient, as in stock, but
 * not silent: a wrong value is answered with a warning.
 */
final class ConfigValues {
    private static final String TRUE = "true";

    /** Keys whose bare name is a system property, too (spec operations 1.5). */
    private static final Set<String> BARE_NAME_TOO = Set.of("fsync.warningthresholdms");

    private final SortedMap<String, String> file;
    private final Map<String, String> properties;
    private final ConfigLog log;

    ConfigValues(SortedMap<String, String> file, Map<String, String> properties, ConfigLog log) {
        this.file = file;
        this.properties = properties;
        this.log = log;
    }

    ConfigLog log() {
        return log;
    }

    /** The raw text of a value, wherever it is set; an empty text counts as not set. */
    Optional<String> text(String name) {
        return found(ConfigKeys.named(name)).filter(value -> !value.isEmpty());
    }

    String textOr(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /** The parts of a comma separated list, without blanks and empty ones. */
    List<String> list(String name) {
        return text(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** The lines of a pattern such as {@code authProvider.*}: key to value, those of the file and those given by -D. */
    SortedMap<String, String> matching(String pattern) {
        ConfigKey key = ConfigKeys.named(pattern);
        SortedMap<String, String> lines = new TreeMap<>();
        properties.forEach((property, value) -> {
            if (property.startsWith(ConfigKeys.PROPERTY_PREFIX)
                    && key.matches(property.substring(ConfigKeys.PROPERTY_PREFIX.length()))) {
                lines.put(property.substring(ConfigKeys.PROPERTY_PREFIX.length()), value.strip());
            }
        });
        file.forEach((line, value) -> {
            if (key.matches(line)) {
                lines.put(line, value);
            }
        });
        return lines;
    }

    int integer(String name) {
        return integerOr(name, Integer.parseInt(ConfigKeys.named(name).defaultText()));
    }

    int integerOr(String name, int otherwise) {
        return (int) number(name, otherwise, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    long longInteger(String name) {
        return longIntegerOr(name, Long.parseLong(ConfigKeys.named(name).defaultText()));
    }

    long longIntegerOr(String name, long otherwise) {
        return number(name, otherwise, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    double ratio(String name) {
        ConfigKey key = ConfigKeys.named(name);
        double otherwise = Double.parseDouble(key.defaultText());
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            return Double.parseDouble(value.get());
        } catch (NumberFormatException notNumber) {
            warnOfDefault(key, value.get(), key.defaultText());
            return otherwise;
        }
    }

    boolean flag(String name) {
        ConfigKey key = ConfigKeys.named(name);
        Optional<String> value = found(key);
        if (value.isEmpty()) {
            return key.defaultText().equals(TRUE);
        }
        boolean isTrue = value.get().equalsIgnoreCase(TRUE);
        if (!isTrue && !value.get().equalsIgnoreCase("false")) {
            if (isStrict(key)) {
                throw new ConfigException(
                        "Invalid option " + value.get() + " for " + name + ". Choose 'true' or 'false.'");
            }
            log.warn(name + "=" + value.get() + " is neither true nor false and counts as false");
        }
        return isTrue;
    }

    /** A yes-or-no key: only the very word that differs from the default changes anything. */
    boolean isYes(String name) {
        ConfigKey key = ConfigKeys.named(name);
        String value = textOr(name, key.defaultText());
        if (!key.limits().words().contains(value)) {
            warnOfDefault(key, value, key.defaultText());
            return key.defaultText().equals("yes");
        }
        return value.equals("yes");
    }

    private long number(String name, long otherwise, long least, long greatest) {
        ConfigKey key = ConfigKeys.named(name);
        Optional<String> value = found(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        long number;
        try {
            number = isStrict(key) ? Long.parseLong(value.get()) : Long.decode(value.get());
            if (number < least || number > greatest) {
                throw new NumberFormatException("out of range of the type");
            }
        } catch (NumberFormatException notNumber) {
            if (isStrict(key)) {
                throw new ConfigException(
                        ConfigException.BAD_CONFIGURATION,
                        name + ": For input string: \"" + value.get() + "\"",
                        notNumber);
            }
            warnOfDefault(key, value.get(), String.valueOf(otherwise));
            return otherwise;
        }
        if (key.limits().allow(number)) {
            return number;
        }
        if (isStrict(key)) {
            throw new ConfigException(name + "=" + number + " is out of range "
                    + key.withUnit(key.limits().text()));
        }
        warnOfDefault(key, value.get(), String.valueOf(otherwise));
        return otherwise;
    }

    private void warnOfDefault(ConfigKey key, String value, String otherwise) {
        String limits = key.limits().text();
        log.warn(key.name() + "=" + value + " is no good value" + (limits.isEmpty() ? "" : " (" + limits + ")") + "; "
                + key.withUnit(otherwise) + " is used");
    }

    private static boolean isStrict(ConfigKey key) {
        return key.source() == Source.FILE || key.source() == Source.FILE_WITH_OVERRIDE;
    }

    private Optional<String> found(ConfigKey key) {
        String given = properties.get(key.property());
        given = given == null && BARE_NAME_TOO.contains(key.name()) ? properties.get(key.name()) : given;
        Optional<String> property = Optional.ofNullable(given).map(String::strip);
        return switch (key.source()) {
            case FILE -> inFile(key);
            case FILE_OR_PROPERTY -> inFile(key).or(() -> property);
            case PROPERTY, FILE_WITH_OVERRIDE -> property.or(() -> inFile(key));
        };
    }

    /** A line of the file: the real name first, then what people write for it. */
    private Optional<String> inFile(ConfigKey key) {
        String value = file.get(key.name());
        for (String other : key.documentedNames()) {
            value = value == null ? file.get(other) : value;
        }
        value = value == null ? file.get(ConfigKeys.PROPERTY_PREFIX + key.name()) : value;
        return Optional.ofNullable(value);
    }
}
