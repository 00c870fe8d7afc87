/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** The text form of configuration files: Java properties in ISO-8859-1, trimmed (spec operations 1.1). */
final class ConfigText {
    /** The three bytes of a UTF-8 byte order mark as ISO-8859-1 shows them; some editors write it (spec operations 8.1). */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private ConfigText() {}

    /** Bytes of a file as text. */
    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    /** Keys and values, both without blanks around them, sorted so that messages come in a fixed order. */
    static SortedMap<String, String> parse(Path file, String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException badEscape) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION, file + ": " + badEscape.getMessage(), badEscape);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        SortedMap<String, String> entries = new TreeMap<>();
        properties.forEach((key, value) -> entries.put(((String) key).strip(), ((String) value).strip()));
        return entries;
    }
}
