/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.HostPort;
import java.util.Set;
import java.util.TreeSet;

/**
 * The HTTP administration port and the four-letter words.
 *
 * @param enabled whether the HTTP port is opened
 * @param words four-letter words that are answered; {@code *} among them means all
 * @param rateLimitMillis least time between two snapshots, or two restores, by command
 */
public record AdminConfig(
        boolean enabled,
        HostPort address,
        String commandUrl,
        int idleTimeoutMillis,
        boolean snapshotCommand,
        boolean restoreCommand,
        int rateLimitMillis,
        Set<String> words) {
    private static final String ALWAYS_ALLOWED = "srvr";

    public AdminConfig {
        if (!commandUrl.startsWith("/")) {
            throw new ConfigException("admin.commandURL=" + commandUrl + " does not start with /");
        }
        words = Set.copyOf(words);
    }

    /** Whether this word is in the whitelist (spec operations 3.1). */
    public boolean allowsWord(String word) {
        return words.contains(word) || words.contains("*");
    }

    static AdminConfig from(ConfigValues values) {
        Set<String> words = new TreeSet<>(values.list("4lw.commands.whitelist"));
        words.add(ALWAYS_ALLOWED);
        if (values.flag("readonlymode.enabled")) {
            // Clients that can do with a server that only reads find it by this word.
            words.add("isro");
        }
        return new AdminConfig(
                isEnabled(values),
                new HostPort(values.textOr("admin.serverAddress", HostPort.ANY), values.integer("admin.serverPort")),
                values.textOr("admin.commandURL", "/commands"),
                values.integer("admin.idleTimeout"),
                values.flag("admin.snapshot.enabled"),
                values.flag("admin.restore.enabled"),
                values.integer("admin.rateLimiterIntervalInMS"),
                words);
    }

    /** Unlike all other switches, only the exact text {@code false} turns this one off. */
    private static boolean isEnabled(ConfigValues values) {
        String value = values.textOr("admin.enableServer", "true");
        if (!value.equals("true") && !value.equals("false")) {
            values.log().warn("admin.enableServer=" + value + " is not false, so the admin server starts");
        }
        return !value.equals("false");
    }
}
