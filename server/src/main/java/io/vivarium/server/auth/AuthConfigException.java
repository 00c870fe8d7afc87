/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import org.jspecify.annotations.Nullable;

/** The configuration of authentication makes no sense; the server does not start. */
public final class AuthConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AuthConfigException(String message) {
        super(message);
    }

    public AuthConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
