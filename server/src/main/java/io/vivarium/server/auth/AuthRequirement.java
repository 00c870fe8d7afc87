/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.client.OpCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Enforced authentication: which requests a connection must first show an identity for (spec client-protocol 7.6).
 *
 * <p>A refused request is answered with error -124 and zxid 0, and the connection is closed. The connect request itself is
 * always allowed. Immutable. Thread: any.
 */
public final class AuthRequirement {
    private final List<String> anyOfSchemes;

    private AuthRequirement(List<String> anyOfSchemes) {
        this.anyOfSchemes = List.copyOf(anyOfSchemes);
    }

    /** @throws AuthConfigException when enforcement is on with no scheme, or with one nobody can satisfy */
    public static AuthRequirement of(AuthConfig config, AuthSchemes schemes) {
        List<String> wanted = new ArrayList<>();
        if (config.requireSasl()) {
            wanted.add(SaslScheme.NAME);
        } else if (config.enforceAuth()) {
            if (config.enforcedSchemes().isEmpty()) {
                throw new AuthConfigException("enforce.auth.enabled=true needs enforce.auth.schemes");
            }
            for (String scheme : config.enforcedSchemes()) {
                if (schemes.find(scheme) == null) {
                    throw new AuthConfigException(
                            "enforce.auth.schemes names " + scheme + ", which no authentication provider serves");
                }
                wanted.add(scheme);
            }
        }
        return new AuthRequirement(wanted);
    }

    /** Whether a connection with these identities may send a request of this type. */
    public boolean admits(int opCode, Identities identities) {
        if (anyOfSchemes.isEmpty() || opCode == OpCode.AUTH || opCode == OpCode.SASL) {
            return true;
        }
        for (int i = 0; i < anyOfSchemes.size(); i++) {
            if (identities.holdsScheme(anyOfSchemes.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything is enforced at all. */
    public boolean isActive() {
        return !anyOfSchemes.isEmpty();
    }
}
