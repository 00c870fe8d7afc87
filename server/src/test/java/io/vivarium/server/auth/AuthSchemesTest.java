/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.ClientInfo;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Id;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 7.4 (registration), 7.6 and 10.3. */
class AuthSchemesTest {
    private static final String STOCK = "org.apache.zookeeper.server.auth.";
    private static final ConnectionIdentity PEER = ConnectionIdentity.ofAddress("127.0.0.1");

    @Test
    void ipAndDigestAreThereByDefaultAndNothingElse() {
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        assertThat(schemes.find("ip")).isInstanceOf(IpScheme.class);
        assertThat(schemes.find("digest")).isInstanceOf(DigestScheme.class);
        for (String absent : List.of("sasl", "x509", "world", "auth", "super")) {
            assertThat(schemes.find(absent)).as(absent).isNull();
        }
        assertThat(schemes.find(null)).isNull();
    }

    @Test
    void digestCanBeSwitchedOff() {
        AuthSchemes schemes = AuthSchemes.of(config(new DigestScheme.Config(false, "SHA1", null), List.of()));
        assertThat(schemes.find("digest")).isNull();
        assertThat(schemes.find("ip")).isNotNull();
    }

    @Test
    void digestStaysOffEvenIfALineNamesItsClass() {
        AuthSchemes schemes = AuthSchemes.of(
                config(new DigestScheme.Config(false, "SHA1", null), List.of(STOCK + "DigestAuthenticationProvider")));
        assertThat(schemes.find("digest")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "IPAuthenticationProvider, ip",
        "DigestAuthenticationProvider, digest",
        "SASLAuthenticationProvider, sasl",
        "X509AuthenticationProvider, x509"
    })
    void classNamesOfUsersFilesStandForBuiltInSchemes(String className, String scheme) {
        AuthSchemes schemes = AuthSchemes.of(config(DigestScheme.Config.DEFAULT, List.of(STOCK + className)));
        assertThat(schemes.find(scheme))
                .isNotNull()
                .extracting(AuthScheme::name)
                .isEqualTo(scheme);
    }

    @Test
    void anUnknownClassIsAnErrorAtStartUpThatNamesItAndTheKnownOnes() {
        assertThatThrownBy(() -> AuthSchemes.of(config(DigestScheme.Config.DEFAULT, List.of("com.acme.OurProvider"))))
                .isInstanceOf(AuthConfigException.class)
                .hasMessageContaining("com.acme.OurProvider")
                .hasMessageContaining(STOCK + "SASLAuthenticationProvider");
    }

    @Test
    void x509IsThereByItselfWithATlsClientPort() {
        AuthConfig tls = new AuthConfig(
                false,
                List.of(),
                DigestScheme.Config.DEFAULT,
                SaslScheme.Config.DEFAULT,
                new X509Scheme.Config(true, null),
                false,
                false,
                List.of());
        AuthSchemes schemes = AuthSchemes.of(tls);
        assertThat(schemes.find("x509")).isNotNull();
        assertThat(schemes.authenticate("x509", PEER, null)).isInstanceOf(AuthOutcome.Rejected.class);
    }

    @Test
    void anAuthPacketOfAnUnknownSchemeOrOfWorldFails() {
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        for (String scheme : List.of("world", "super", "nope")) {
            assertThat(schemes.authenticate(scheme, PEER, new byte[0])).isInstanceOf(AuthOutcome.Rejected.class);
        }
        assertThat(schemes.authenticate(null, PEER, new byte[0])).isInstanceOf(AuthOutcome.Rejected.class);
    }

    @Test
    void saslIdentitiesNeverComeFromAuthPackets() {
        assertThat(new SaslScheme(SaslScheme.Config.DEFAULT).authenticate(PEER, new byte[0]))
                .isInstanceOf(AuthOutcome.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "bob@R", "bob/h@R", "bob/h", "a/b/c", "@R", "", "a@", "/h@R", "a/@R"})
    void saslAcceptsKerberosLikeNames(String id) {
        assertThat(new SaslScheme(SaslScheme.Config.DEFAULT).isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b@c", "a/b/c@d", "a@b/c", "a/b@c/d"})
    void saslRefusesNamesWithAnAtSignInTheWrongPlace(String id) {
        assertThat(new SaslScheme(SaslScheme.Config.DEFAULT).isValid(id)).isFalse();
    }

    @Test
    void saslMatchesTheIdTheSuperuserAndTheConfiguredWildcard() {
        SaslScheme sasl = new SaslScheme(new SaslScheme.Config("anybody"));
        assertThat(sasl.matches("bob", "bob")).isTrue();
        assertThat(sasl.matches("bob", "ann")).isFalse();
        assertThat(sasl.matches("super", "ann")).isTrue();
        assertThat(sasl.matches("bob", "anybody")).isTrue();
        assertThat(new SaslScheme(SaslScheme.Config.DEFAULT).matches("bob", "anybody"))
                .isFalse();
    }

    @Test
    void x509AcceptsX500NamesAndMatchesTheNameOrTheSuperuser() {
        X509Scheme x509 = new X509Scheme(new X509Scheme.Config(true, "CN=root"));
        assertThat(x509.isValid("CN=a,O=b")).isTrue();
        assertThat(x509.isValid("")).isTrue();
        assertThat(x509.isValid("bob")).isFalse();
        assertThat(x509.matches("CN=a", "CN=a")).isTrue();
        assertThat(x509.matches("CN=a", "CN=b")).isFalse();
        assertThat(x509.matches("CN=root", "CN=b")).isTrue();
    }

    @Test
    void whoAmIShowsTheUserOfEachIdentity() {
        Identities held = Identities.ofPeer("127.0.0.1")
                .with(new Id("digest", "super:hash"))
                .with(new Id("super", "somebody"));
        assertThat(AuthSchemes.of(AuthConfig.DEFAULT).describe(held))
                .containsExactly(
                        new ClientInfo("ip", "127.0.0.1"),
                        new ClientInfo("digest", "super"),
                        new ClientInfo("super", ""));
    }

    @Test
    void withoutEnforcementEveryRequestIsAdmitted() {
        AuthRequirement requirement = AuthRequirement.of(AuthConfig.DEFAULT, AuthSchemes.of(AuthConfig.DEFAULT));
        assertThat(requirement.isActive()).isFalse();
        assertThat(requirement.admits(OpCode.GET_DATA, Identities.ofPeer("::1")))
                .isTrue();
    }

    @Test
    void enforcementAdmitsOnlyAuthAndSaslUntilAListedSchemeIsHeld() {
        AuthConfig config = enforcing(false, true, List.of("digest"));
        AuthRequirement requirement = AuthRequirement.of(config, AuthSchemes.of(config));
        Identities stranger = Identities.ofPeer("127.0.0.1");
        assertThat(requirement.admits(OpCode.AUTH, stranger)).isTrue();
        assertThat(requirement.admits(OpCode.SASL, stranger)).isTrue();
        for (int op : List.of(OpCode.GET_DATA, OpCode.PING, OpCode.CLOSE_SESSION, OpCode.CREATE)) {
            assertThat(requirement.admits(op, stranger)).as(OpCode.name(op)).isFalse();
            assertThat(requirement.admits(op, stranger.with(new Id("digest", "a:b"))))
                    .isTrue();
        }
    }

    @Test
    void requiringSaslIsAShortcutForEnforcingSasl() {
        AuthConfig config = enforcing(true, false, List.of());
        AuthRequirement requirement = AuthRequirement.of(config, AuthSchemes.of(config));
        assertThat(requirement.admits(OpCode.PING, Identities.ofPeer("::1"))).isFalse();
        assertThat(requirement.admits(OpCode.PING, Identities.of(List.of(new Id("sasl", "bob")))))
                .isTrue();
    }

    @Test
    void enforcementWithoutSchemesOrWithAnUnservedOneRefusesToStart() {
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        assertThatThrownBy(() -> AuthRequirement.of(enforcing(false, true, List.of()), schemes))
                .isInstanceOf(AuthConfigException.class)
                .hasMessageContaining("enforce.auth.schemes");
        assertThatThrownBy(() -> AuthRequirement.of(enforcing(false, true, List.of("digest", "sasl")), schemes))
                .isInstanceOf(AuthConfigException.class)
                .hasMessageContaining("sasl");
    }

    private static AuthConfig config(DigestScheme.Config digest, List<String> providerClasses) {
        return new AuthConfig(
                false,
                providerClasses,
                digest,
                SaslScheme.Config.DEFAULT,
                X509Scheme.Config.DEFAULT,
                false,
                false,
                List.of());
    }

    private static AuthConfig enforcing(boolean requireSasl, boolean enforceAuth, List<String> enforcedSchemes) {
        return new AuthConfig(
                false,
                List.of(),
                DigestScheme.Config.DEFAULT,
                SaslScheme.Config.DEFAULT,
                X509Scheme.Config.DEFAULT,
                requireSasl,
                enforceAuth,
                enforcedSchemes);
    }
}
