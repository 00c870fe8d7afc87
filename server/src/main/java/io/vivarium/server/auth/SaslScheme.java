/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * The ACL side of scheme {@code sasl}: which ids lists may carry and whom they mean (spec client-protocol 7.4). The
 * identity itself comes from the SASL exchange (spec 10.1), never from an auth packet.
 *
 * <p>Thread: any.
 */
public final class SaslScheme implements AuthScheme {
    public static final String NAME = "sasl";

    private static final String SUPERUSER = "super";

    /** @param letAnySaslUserDoX {@code zookeeper.letAnySaslUserDoX}: an ACL id that means every SASL user, or none */
    public record Config(@Nullable String letAnySaslUserDoX) {
        public static final Config DEFAULT = new Config((String) null);
    }

    private final @Nullable String anyUserId;

    public SaslScheme(Config config) {
        this.anyUserId = config.letAnySaslUserDoX();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean identifiesCreators() {
        return true;
    }

    /** A Kerberos-like name: {@code name}, or {@code name[/host]@REALM} with no further slash or at sign. */
    @Override
    public boolean isValid(String aclId) {
        int at = aclId.indexOf('@');
        if (at < 0) {
            return true;
        }
        int slash = aclId.indexOf('/');
        return aclId.indexOf('@', at + 1) < 0 && (slash < 0 || (slash < at && aclId.indexOf('/', slash + 1) < 0));
    }

    @Override
    public boolean matches(String id, String aclId) {
        return id.equals(aclId) || id.equals(SUPERUSER) || aclId.equals(anyUserId);
    }

    @Override
    public AuthOutcome authenticate(ConnectionIdentity connection, byte @Nullable [] data) {
        return new AuthOutcome.Rejected("sasl identities come from the SASL exchange, not from auth packets");
    }
}
