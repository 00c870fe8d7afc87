/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test per sentence of spec client-protocol 7.1, 7.2 and 7.5. */
class AccessCheckTest {
    private static final Identities STRANGER = Identities.ofPeer("10.0.0.1");
    private static final Id BOB = new Id("digest", "bob:hash");
    private static final Id ANN = new Id("digest", "ann:hash");

    private final AccessCheck access = accessCheck(false);

    @Test
    void skipAclAllowsEverything() {
        assertThat(accessCheck(true).allows(List.of(new Acl(0, BOB)), Acl.ADMIN, STRANGER))
                .isTrue();
    }

    @Test
    void aNullOrEmptyListAllows() {
        assertThat(access.allows(null, Acl.WRITE, STRANGER)).isTrue();
        assertThat(access.allows(List.of(), Acl.WRITE, STRANGER)).isTrue();
    }

    @Test
    void aSuperuserMayEverything() {
        List<Acl> closed = List.of(new Acl(Acl.READ, BOB));
        assertThat(access.allows(closed, Acl.ADMIN, STRANGER.with(new Id("super", ""))))
                .isTrue();
        assertThat(access.allows(closed, Acl.ADMIN, STRANGER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {Acl.READ, Acl.WRITE, Acl.CREATE, Acl.DELETE, Acl.ADMIN, Acl.READ | Acl.ADMIN})
    void theOpenListAllowsEverythingWhicheverInstanceItIs(int wanted) {
        assertThat(access.allows(Acl.OPEN, wanted, STRANGER)).isTrue();
        assertThat(access.allows(List.of(new Acl(Acl.ALL, new Id("world", "anyone"))), wanted, STRANGER))
                .isTrue();
    }

    @Test
    void theReadOnlyListAllowsReadingOnly() {
        assertThat(access.allows(Acl.READ_ONLY, Acl.READ, STRANGER)).isTrue();
        assertThat(access.allows(Acl.READ_ONLY, Acl.WRITE, STRANGER)).isFalse();
    }

    @Test
    void anEntryNeedsAWantedBitAndAMatch() {
        List<Acl> acl = List.of(new Acl(Acl.READ, BOB), new Acl(Acl.WRITE, ANN));
        assertThat(access.allows(acl, Acl.READ, STRANGER.with(BOB))).isTrue();
        assertThat(access.allows(acl, Acl.WRITE, STRANGER.with(BOB))).isFalse();
        assertThat(access.allows(acl, Acl.WRITE, STRANGER.with(BOB).with(ANN))).isTrue();
    }

    @Test
    void ofACombinedMaskAnyOneBitSuffices() {
        assertThat(access.allows(List.of(new Acl(Acl.ADMIN, BOB)), Acl.READ | Acl.ADMIN, STRANGER.with(BOB)))
                .isTrue();
    }

    @Test
    void anEntryOfASchemeWithoutProviderMatchesNobody() {
        Id sasl = new Id("sasl", "bob");
        assertThat(access.allows(List.of(new Acl(Acl.ALL, sasl)), Acl.READ, STRANGER.with(sasl)))
                .isFalse();
    }

    @Test
    void identitiesMatchOnlyWithinTheirScheme() {
        assertThat(access.allows(List.of(new Acl(Acl.ALL, new Id("digest", "10.0.0.1"))), Acl.READ, STRANGER))
                .isFalse();
    }

    @Test
    void theAddressOfThePeerIsHeldFromTheStart() {
        assertThat(access.allows(List.of(new Acl(Acl.READ, new Id("ip", "10.0.0.0/8"))), Acl.READ, STRANGER))
                .isTrue();
        assertThat(access.allows(List.of(new Acl(Acl.READ, new Id("ip", "11.0.0.0/8"))), Acl.READ, STRANGER))
                .isFalse();
    }

    @Test
    void oddEntriesOfOldSnapshotsMatchNobody() {
        List<Acl> odd = List.of(
                new Acl(Acl.ALL, new Id(null, "x")), new Acl(Acl.ALL, new Id("digest", null)), new Acl(0, Id.ANYONE));
        assertThat(access.allows(odd, Acl.READ, STRANGER.with(BOB))).isFalse();
    }

    @Test
    void aCheckMakesNoObjects() {
        List<Acl> acl = List.of(
                new Acl(Acl.READ, ANN),
                new Acl(Acl.READ, new Id("ip", "fe80::/10")),
                new Acl(Acl.READ, new Id("ip", "10.0.0.0/9")));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Identities held = STRANGER.with(BOB);
        for (int i = 0; i < 1000; i++) {
            access.allows(acl, Acl.READ, held);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean all = true;
        for (int i = 0; i < 10_000; i++) {
            all &= access.allows(acl, Acl.READ, held);
            all &= access.allows(Acl.OPEN, Acl.READ, held);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(all).isTrue();
        assertThat(allocated).as("bytes in 20,000 checks").isLessThan(10_000);
    }

    @Test
    void withoutAdminADigestIsShownWithoutItsHash() {
        List<Acl> acl = List.of(new Acl(Acl.READ, BOB), new Acl(Acl.ALL, ANN), new Acl(1, new Id("ip", "::1")));
        assertThat(AclRedaction.shownTo(STRANGER.with(BOB), acl, access))
                .containsExactly(
                        new Acl(Acl.READ, new Id("digest", "bob:x")),
                        new Acl(Acl.ALL, new Id("digest", "ann:x")),
                        new Acl(1, new Id("ip", "::1")));
    }

    @Test
    void withAdminOrAsSuperuserTheListIsShownAsItIs() {
        List<Acl> acl = List.of(new Acl(Acl.READ, BOB), new Acl(Acl.ALL, ANN));
        assertThat(AclRedaction.shownTo(STRANGER.with(ANN), acl, access)).isSameAs(acl);
        assertThat(AclRedaction.shownTo(STRANGER.with(new Id("super", "")), acl, access))
                .isSameAs(acl);
    }

    @Test
    void aListWithoutDigestsIsShownAsItIs() {
        assertThat(AclRedaction.shownTo(STRANGER, Acl.READ_ONLY, access)).isSameAs(Acl.READ_ONLY);
    }

    @Test
    void identitiesAreASetThatGrowsByNewObjects() {
        Identities bob = STRANGER.with(BOB);
        assertThat(STRANGER.asList()).containsExactly(new Id("ip", "10.0.0.1"));
        assertThat(bob.asList()).containsExactly(new Id("ip", "10.0.0.1"), BOB);
        assertThat(bob.with(BOB)).isSameAs(bob);
        assertThat(bob.isSuperuser()).isFalse();
        assertThat(bob.with(new Id("super", "CN=x")).isSuperuser()).isTrue();
    }

    private static AccessCheck accessCheck(boolean skipAcl) {
        AuthConfig config = new AuthConfig(
                skipAcl,
                List.of(),
                DigestScheme.Config.DEFAULT,
                SaslScheme.Config.DEFAULT,
                X509Scheme.Config.DEFAULT,
                false,
                false,
                List.of());
        return new AccessCheck(AuthSchemes.of(config), config);
    }
}
