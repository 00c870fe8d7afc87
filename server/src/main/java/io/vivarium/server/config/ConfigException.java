/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A configuration the server must not start with. The message is the one that operators know from stock servers wherever
 * there is one (spec operations 1).
 */
public final class ConfigException extends RuntimeException {
    /** Bad arguments or bad configuration (spec operations 2.6). */
    public static final int BAD_CONFIGURATION = 2;

    /** The server's own id is not in the list; stock ends with the code of an unexpected error. */
    public static final int UNEXPECTED = 1;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public ConfigException(String message) {
        this(BAD_CONFIGURATION, message, null);
    }

    ConfigException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The code the process ends with. */
    public int exitCode() {
        return exitCode;
    }
}
