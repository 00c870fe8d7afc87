/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Id;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One test per sentence of spec client-protocol 7.3. */
class AclFixUpTest {
    private static final Id BOB = new Id("digest", "bob:hash");
    private static final Id ANN = new Id("digest", "ann:hash");
    private static final Identities STRANGER = Identities.ofPeer("10.0.0.1");

    private final AclFixUp fixUp = new AclFixUp(AuthSchemes.of(AuthConfig.DEFAULT));

    @Test
    void aNullOrEmptyListIsInvalid() {
        assertThat(fixUp.apply(null, STRANGER)).isEqualTo(refused(ErrorCode.INVALID_ACL));
        assertThat(fixUp.apply(List.of(), STRANGER)).isEqualTo(refused(ErrorCode.INVALID_ACL));
    }

    @Test
    void exactDuplicatesAreRemovedTheFirstStaysInItsPlace() {
        Acl bob = new Acl(1, BOB);
        Acl ann = new Acl(1, ANN);
        assertThat(usable(STRANGER, bob, ann, bob, new Acl(2, BOB))).containsExactly(bob, ann, new Acl(2, BOB));
    }

    @Test
    void anEntryWithoutSchemeIsInvalid() {
        assertThat(errorOf(new Id(null, "x"))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(errorOf(new Id(null, null))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void worldKnowsOnlyAnyone() {
        assertThat(usable(STRANGER, new Acl(5, Id.ANYONE))).containsExactly(new Acl(5, Id.ANYONE));
        assertThat(errorOf(new Id("world", "somebody"))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void aNullIdFailsToUnmarshalExceptForUnknownSchemes() {
        for (String scheme : List.of("world", "ip", "digest")) {
            assertThat(errorOf(new Id(scheme, null))).as(scheme).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        }
        assertThat(errorOf(new Id("nope", null))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void authIsReplacedInPlaceByEveryCreatorIdentityOfTheConnection() {
        Acl before = new Acl(1, Id.ANYONE);
        Acl after = new Acl(2, Id.ANYONE);
        assertThat(usable(STRANGER.with(BOB).with(ANN), before, new Acl(31, new Id("auth", null)), after))
                .containsExactly(before, new Acl(31, BOB), new Acl(31, ANN), after);
    }

    @Test
    void authIgnoresItsId() {
        assertThat(usable(STRANGER.with(BOB), new Acl(3, new Id("auth", "whoever"))))
                .containsExactly(new Acl(3, BOB));
    }

    @Test
    void superIsSkippedByAuthButItsDigestIsNot() {
        assertThat(usable(STRANGER.with(BOB).with(new Id("super", "")), new Acl(3, new Id("auth", ""))))
                .containsExactly(new Acl(3, BOB));
    }

    @Test
    void authWithoutCreatorIdentityIsInvalid() {
        assertThat(errorOf(new Id("auth", ""))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void authUnderASchemeWithoutProviderIsInvalid() {
        assertThat(fixUp.apply(List.of(new Acl(1, new Id("auth", ""))), STRANGER.with(new Id("sasl", "bob"))))
                .isEqualTo(refused(ErrorCode.INVALID_ACL));
    }

    @Test
    void duplicatesThatTheExpansionMakesStay() {
        assertThat(usable(STRANGER.with(BOB), new Acl(1, new Id("auth", "")), new Acl(1, new Id("auth", "x"))))
                .containsExactly(new Acl(1, BOB), new Acl(1, BOB));
    }

    @Test
    void anotherSchemeNeedsAProviderThatAcceptsTheId() {
        assertThat(usable(STRANGER, new Acl(1, new Id("ip", "10.0.0.0/8")))).hasSize(1);
        assertThat(errorOf(new Id("ip", "10.0.0.0/33"))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(errorOf(new Id("digest", "a"))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(errorOf(new Id("sasl", "bob"))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(errorOf(new Id("super", ""))).isEqualTo(ErrorCode.INVALID_ACL);
    }

    @Test
    void oneBadEntryRefusesTheWholeList() {
        assertThat(fixUp.apply(List.of(new Acl(1, Id.ANYONE), new Acl(1, new Id("nope", "x"))), STRANGER))
                .isEqualTo(refused(ErrorCode.INVALID_ACL));
    }

    @Test
    void permissionsAreKeptAsSent() {
        assertThat(usable(STRANGER, new Acl(0, Id.ANYONE), new Acl(255, Id.ANYONE)))
                .containsExactly(new Acl(0, Id.ANYONE), new Acl(255, Id.ANYONE));
    }

    @Test
    void theOpenListComesBackAsTheOneInstanceThatChecksAnswerFastest() {
        Acl open = new Acl(31, new Id("world", "anyone"));
        assertThat(usable(STRANGER, open)).isSameAs(Acl.OPEN);
        assertThat(usable(STRANGER, open, open)).isSameAs(Acl.OPEN);
    }

    private List<Acl> usable(Identities identities, Acl... acl) {
        AclFixUp.Outcome outcome = fixUp.apply(Arrays.asList(acl), identities);
        assertThat(outcome).isInstanceOf(AclFixUp.Outcome.Usable.class);
        return ((AclFixUp.Outcome.Usable) outcome).acl();
    }

    private @Nullable ErrorCode errorOf(Id id) {
        AclFixUp.Outcome outcome = fixUp.apply(List.of(new Acl(1, id)), STRANGER);
        return outcome instanceof AclFixUp.Outcome.Refused refused ? refused.error() : null;
    }

    private static AclFixUp.Outcome refused(ErrorCode error) {
        return new AclFixUp.Outcome.Refused(error);
    }
}
