/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.DigestScheme;
import io.vivarium.server.auth.SaslScheme;
import io.vivarium.server.auth.X509Scheme;
import java.util.List;

/** Fills {@link AuthConfig} from its keys (spec operations 1.6). */
final class AuthSection {
    private AuthSection() {}

    static AuthConfig from(ConfigValues values) {
        return new AuthConfig(
                values.isYes("skipACL"),
                List.copyOf(values.matching("authProvider.*").values()),
                new DigestScheme.Config(
                        values.flag("DigestAuthenticationProvider.enabled"),
                        values.textOr("DigestAuthenticationProvider.digestAlg", "SHA1"),
                        values.text("DigestAuthenticationProvider.superDigest").orElse(null)),
                new SaslScheme.Config(values.text("letAnySaslUserDoX").orElse(null)),
                new X509Scheme.Config(
                        values.text("secureClientPort").isPresent(),
                        values.text("X509AuthenticationProvider.superUser").orElse(null)),
                values.flag("sessionRequireClientSASLAuth"),
                values.flag("enforce.auth.enabled"),
                values.list("enforce.auth.schemes"));
    }
}
