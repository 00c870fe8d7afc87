/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import java.util.List;

/**
 * Everything the configuration says about authentication.
 *
 * @param skipAcl {@code zookeeper.skipACL=yes}: no permission is ever checked
 * @param providerClasses the values of all {@code authProvider.X=class} lines
 * @param requireSasl {@code zookeeper.sessionRequireClientSASLAuth}
 * @param enforceAuth {@code zookeeper.enforce.auth.enabled}
 * @param enforcedSchemes {@code zookeeper.enforce.auth.schemes}
 */
public record AuthConfig(
        boolean skipAcl,
        List<String> providerClasses,
        DigestScheme.Config digest,
        SaslScheme.Config sasl,
        X509Scheme.Config x509,
        boolean requireSasl,
        boolean enforceAuth,
        List<String> enforcedSchemes) {
    public static final AuthConfig DEFAULT = new AuthConfig(
            false,
            List.of(),
            DigestScheme.Config.DEFAULT,
            SaslScheme.Config.DEFAULT,
            X509Scheme.Config.DEFAULT,
            false,
            false,
            List.of());

    public AuthConfig {
        providerClasses = List.copyOf(providerClasses);
        enforcedSchemes = List.copyOf(enforcedSchemes);
    }
}
