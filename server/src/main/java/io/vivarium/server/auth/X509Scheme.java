/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Id;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Scheme {@code x509}: the subject of the client's TLS certificate in RFC 2253 form (spec client-protocol 7.4 and 10.2).
 * The chain has been verified by TLS before it gets here.
 *
 * <p>Thread: any.
 */
public final class X509Scheme implements AuthScheme {
    public static final String NAME = "x509";

    /**
     * @param automatic true when a TLS client port is configured, which registers the scheme without a line for it
     * @param superUser {@code X509AuthenticationProvider.superUser}: the name of the superuser, or none
     */
    public record Config(boolean automatic, @Nullable String superUser) {
        public static final Config DEFAULT = new Config(false, null);
    }

    private final @Nullable String superUser;

    public X509Scheme(Config config) {
        this.superUser = config.superUser();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean identifiesCreators() {
        return true;
    }

    @Override
    public boolean isValid(String aclId) {
        try {
            return new X500Principal(aclId).getName() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public boolean matches(String id, String aclId) {
        return id.equals(aclId) || id.equals(superUser);
    }

    @Override
    public AuthOutcome authenticate(ConnectionIdentity connection, byte @Nullable [] data) {
        if (connection.certificates().isEmpty()) {
            return new AuthOutcome.Rejected("no client certificate on the connection of " + connection.address());
        }
        String name = connection.certificates().get(0).getSubjectX500Principal().getName();
        Id id = new Id(NAME, name);
        return name.equals(superUser)
                ? new AuthOutcome.Accepted(List.of(id, new Id(Identities.SUPER_SCHEME, name)))
                : new AuthOutcome.Accepted(List.of(id));
    }
}
