/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.data.Id;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 7.4, row and paragraph about {@code digest}; ids were run against a stock 3.9.5 server. */
class DigestSchemeTest {
    private static final ConnectionIdentity PEER = ConnectionIdentity.ofAddress("127.0.0.1");

    private final DigestScheme digest = new DigestScheme(DigestScheme.Config.DEFAULT);

    @ParameterizedTest
    @ValueSource(strings = {"a:b", ":b", "a:b:", "a:b::"})
    void acceptsTwoParts(String id) {
        assertThat(digest.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", "a:b:c", "", ":", "::", "::b", "a::b"})
    void refusesAnyOtherNumberOfParts(String id) {
        assertThat(digest.isValid(id)).isFalse();
    }

    /** {@code printf bob:pw | openssl sha1 -binary | base64}. */
    @Test
    void theIdIsTheUserAndTheHashOfUserAndPassword() {
        assertThat(digest.identityOf("bob:pw")).isEqualTo("bob:ikIaKsbtGweaHnb/jKn7OHqbunM=");
    }

    @Test
    void aPasswordMayHoldColons() {
        assertThat(digest.identityOf("bob:p:w")).startsWith("bob:").doesNotContain("p:w");
    }

    @Test
    void withoutAColonTheWholeTextIsUserAndPassword() {
        assertThat(digest.identityOf("nocolon")).startsWith("nocolon:").hasSize("nocolon:".length() + 28);
    }

    @Test
    void theAlgorithmIsConfigurable() {
        DigestScheme sha256 = new DigestScheme(new DigestScheme.Config(true, "SHA-256", null));
        assertThat(sha256.identityOf("bob:pw")).isEqualTo("bob:lXdkgIa9O1CDDWAryQ0pe9wUYi2LkG6M7Uocn/Vyn2g=");
    }

    @Test
    void anUnknownAlgorithmIsAnErrorAtStartUp() {
        assertThatThrownBy(() -> new DigestScheme(new DigestScheme.Config(true, "SHA-0", null)))
                .isInstanceOf(AuthConfigException.class)
                .hasMessage("DigestAuthenticationProvider.digestAlg=SHA-0 is not a digest algorithm of this JVM");
    }

    @Test
    void nullDataIsRefused() {
        assertThat(digest.authenticate(PEER, null)).isInstanceOf(AuthOutcome.Rejected.class);
    }

    @Test
    void emptyDataIsAnEmptyUser() {
        assertThat(digest.authenticate(PEER, new byte[0]))
                .isEqualTo(new AuthOutcome.Accepted(List.of(new Id("digest", digest.identityOf("")))));
        assertThat(digest.identityOf("")).startsWith(":");
    }

    @Test
    void anyPasswordGivesAnIdentity() {
        assertThat(digest.authenticate(PEER, "bob:pw".getBytes(UTF_8)))
                .isEqualTo(new AuthOutcome.Accepted(List.of(new Id("digest", digest.identityOf("bob:pw")))));
    }

    @Test
    void theSuperuserGetsAnIdOfSchemeSuperToo() {
        String superDigest = digest.identityOf("super:secret");
        DigestScheme scheme = new DigestScheme(new DigestScheme.Config(true, "SHA1", superDigest));
        assertThat(scheme.authenticate(PEER, "super:secret".getBytes(UTF_8)))
                .isEqualTo(new AuthOutcome.Accepted(List.of(new Id("digest", superDigest), new Id("super", ""))));
        assertThat(scheme.authenticate(PEER, "super:wrong".getBytes(UTF_8)))
                .isEqualTo(new AuthOutcome.Accepted(List.of(new Id("digest", scheme.identityOf("super:wrong")))));
    }

    @Test
    void matchingIsEqualityOfTheWholeId() {
        assertThat(digest.matches("bob:hash", "bob:hash")).isTrue();
        assertThat(digest.matches("bob:hash", "bob:other")).isFalse();
        assertThat(digest.matches("bob:hash", "Bob:hash")).isFalse();
    }
}
