/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.client.ClientInfo;
import io.vivarium.protocol.data.Id;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemes this server knows, by name (spec client-protocol 7.4).
 *
 * <p>{@code ip} is always there, {@code digest} unless switched off, {@code x509} with a TLS client port. The others come
 * from {@code authProvider.X=class} lines: the class names that people have in their files stand for schemes built in here;
 * a class this server does not know is an error at start-up, because ignoring it would silently refuse those users.
 *
 * <p>Immutable. Thread: any.
 */
public final class AuthSchemes {
    private static final String STOCK_PACKAGE = "org.apache.zookeeper.server.auth.";

    /** Class names of {@code authProvider.X} lines and the scheme each stands for. */
    private static final Map<String, String> SCHEME_BY_CLASS = Map.of(
            STOCK_PACKAGE + "IPAuthenticationProvider", IpScheme.NAME,
            STOCK_PACKAGE + "DigestAuthenticationProvider", DigestScheme.NAME,
            STOCK_PACKAGE + "SASLAuthenticationProvider", SaslScheme.NAME,
            STOCK_PACKAGE + "X509AuthenticationProvider", X509Scheme.NAME);

    private final Map<String, AuthScheme> byName;

    private AuthSchemes(Map<String, AuthScheme> byName) {
        this.byName = byName;
    }

    /** @throws AuthConfigException for an unknown provider class or digest algorithm */
    public static AuthSchemes of(AuthConfig config) {
        List<AuthScheme> schemes = new ArrayList<>();
        schemes.add(new IpScheme());
        if (config.digest().enabled()) {
            schemes.add(new DigestScheme(config.digest()));
        }
        if (config.x509().automatic()) {
            schemes.add(new X509Scheme(config.x509()));
        }
        for (String className : config.providerClasses()) {
            AuthScheme scheme = ofClass(className, config);
            if (scheme != null) {
                schemes.add(scheme);
            }
        }
        return of(schemes);
    }

    /** A registry of exactly these schemes; of two with one name the later counts. */
    public static AuthSchemes of(List<? extends AuthScheme> schemes) {
        Map<String, AuthScheme> byName = new LinkedHashMap<>();
        for (AuthScheme scheme : schemes) {
            byName.put(scheme.name(), scheme);
        }
        return new AuthSchemes(byName);
    }

    public @Nullable AuthScheme find(@Nullable String name) {
        return byName.get(name);
    }

    /** Answers an auth packet; a scheme nobody knows is a refusal like any other. */
    public AuthOutcome authenticate(@Nullable String scheme, ConnectionIdentity connection, byte @Nullable [] data) {
        AuthScheme known = find(scheme);
        return known == null
                ? new AuthOutcome.Rejected("no authentication scheme named " + scheme)
                : known.authenticate(connection, data);
    }

    /** The answer of whoAmI: one line per identity (spec client-protocol 10.3). */
    public List<ClientInfo> describe(Identities identities) {
        List<ClientInfo> lines = new ArrayList<>(identities.size());
        for (Id id : identities.asList()) {
            AuthScheme scheme = find(id.scheme());
            // Clients may choke on null strings, so nothing here is ever null (spec client-protocol 13).
            String user = scheme == null || id.id() == null ? "" : scheme.userOf(id.id());
            lines.add(new ClientInfo(id.scheme() == null ? "" : id.scheme(), user));
        }
        return lines;
    }

    /** The scheme a class name stands for; null for digest when that is switched off. */
    private static @Nullable AuthScheme ofClass(String className, AuthConfig config) {
        String name = SCHEME_BY_CLASS.get(className);
        if (name == null) {
            throw new AuthConfigException("authProvider class " + className + " is unknown to this server; known are "
                    + SCHEME_BY_CLASS.keySet().stream().sorted().toList());
        }
        switch (name) {
            case IpScheme.NAME:
                return new IpScheme();
            case DigestScheme.NAME:
                return config.digest().enabled() ? new DigestScheme(config.digest()) : null;
            case SaslScheme.NAME:
                return new SaslScheme(config.sasl());
            case X509Scheme.NAME:
                return new X509Scheme(config.x509());
            default:
                throw new IllegalStateException("scheme " + name + " has a class name but no constructor here");
        }
    }
}
