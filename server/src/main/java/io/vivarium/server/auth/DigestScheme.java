/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vivarium.protocol.data.Id;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scheme {@code digest}: {@code user:password} in the packet, {@code user:base64(hash(user:password))} as identity (spec
 * client-protocol 7.4).
 *
 * <p>A wrong password cannot be told from a right one: it only gives an identity that no list names. Thread: any.
 */
public final class DigestScheme implements AuthScheme {
    public static final String NAME = "digest";

    /**
     * @param enabled {@code DigestAuthenticationProvider.enabled}; off, the scheme does not exist
     * @param algorithm {@code DigestAuthenticationProvider.digestAlg}: a JCA name, equal on all servers
     * @param superDigest {@code DigestAuthenticationProvider.superDigest}: the identity of the superuser, or none
     */
    public record Config(
            boolean enabled, String algorithm, @Nullable String superDigest) {
        public static final Config DEFAULT = new Config(true, "SHA1", null);
    }

    private final String algorithm;
    private final @Nullable String superDigest;

    /** @throws AuthConfigException when this JVM lacks the algorithm */
    public DigestScheme(Config config) {
        this.algorithm = config.algorithm();
        this.superDigest = config.superDigest();
        try {
            MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AuthConfigException(
                    "DigestAuthenticationProvider.digestAlg=" + algorithm + " is not a digest algorithm of this JVM",
                    e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean identifiesCreators() {
        return true;
    }

    /** Exactly two parts when split on colons, empty parts at the end not counted: {@code a:b}, {@code :b}, {@code a:b:}. */
    @Override
    public boolean isValid(String aclId) {
        int end = aclId.length();
        while (end > 0 && aclId.charAt(end - 1) == ':') {
            end--;
        }
        int colon = aclId.indexOf(':');
        return colon >= 0 && colon < end && aclId.lastIndexOf(':', end - 1) == colon;
    }

    @Override
    public boolean matches(String id, String aclId) {
        return id.equals(aclId);
    }

    @Override
    public AuthOutcome authenticate(ConnectionIdentity connection, byte @Nullable [] data) {
        if (data == null) {
            return new AuthOutcome.Rejected("digest auth packet without data");
        }
        String id = identityOf(new String(data, UTF_8));
        Id digestId = new Id(NAME, id);
        return id.equals(superDigest)
                ? new AuthOutcome.Accepted(List.of(digestId, new Id(Identities.SUPER_SCHEME, "")))
                : new AuthOutcome.Accepted(List.of(digestId));
    }

    /** {@code user:base64hash} of a {@code user:password}; without a colon the whole text is user and password. */
    public String identityOf(String credentials) {
        byte[] hash = newDigest().digest(credentials.getBytes(UTF_8));
        return userOf(credentials) + ':' + Base64.getEncoder().encodeToString(hash);
    }

    /** The part before the first colon. */
    @Override
    public String userOf(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? id : id.substring(0, colon);
    }

    private MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("digest algorithm " + algorithm + " was there at start-up", e);
        }
    }
}
