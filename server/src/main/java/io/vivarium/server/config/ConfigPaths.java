/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Turns the paths of a configuration into absolute ones.
 *
 * <p>A relative path starts at the home of the installation, so that it means the same for the server, for the scripts, and
 * from whatever directory either was called. Stock takes the working directory, and warns.
 */
final class ConfigPaths {
    private final Path home;
    private final ConfigLog log;

    ConfigPaths(Path home, ConfigLog log) {
        this.home = home.toAbsolutePath();
        this.log = log;
    }

    Path resolve(String key, String text) {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute() && !text.startsWith("./")) {
                log.warn(text + " is relative. Prepend ./ to indicate that you're sure!");
            }
            return home.resolve(path).normalize();
        } catch (InvalidPathException notPath) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION,
                    key + "=" + text + " is no path: " + notPath.getReason(),
                    notPath);
        }
    }
}
