/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.server.session.Session.Scope;
import org.junit.jupiter.api.Test;

/** Spec client-protocol 2.4, 5.2 step 7, 9.3, 9.4; quorum 9.2. */
class SessionTableTest {
    private static final long ID = 0x100000000000000L;

    private final SessionTable table = new SessionTable();

    @Test
    void aSessionNobodyOpenedIsUnknown() {
        assertThat(table.check(ID, 1)).isEqualTo(SessionVerdict.UNKNOWN);
        assertThat(table.reattach(ID, 4000, 1)).isFalse();
        assertThat(table.markClosing(ID)).isFalse();
        assertThat(table.remove(ID)).isNull();
    }

    @Test
    void theFirstUseSettlesTheOwner() {
        table.open(ID, 4000);
        assertThat(table.check(ID, 2)).isEqualTo(SessionVerdict.OK);
        assertThat(table.check(ID, 2)).isEqualTo(SessionVerdict.OK);
        assertThat(table.check(ID, 3)).isEqualTo(SessionVerdict.MOVED);
    }

    @Test
    void reattachingMovesTheSessionAndTakesTheNewTimeout() {
        table.open(ID, 4000);
        table.check(ID, 2);
        assertThat(table.reattach(ID, 9000, 3)).isTrue();
        assertThat(table.check(ID, 3)).isEqualTo(SessionVerdict.OK);
        assertThat(table.check(ID, 2)).isEqualTo(SessionVerdict.MOVED);
        assertThat(table.find(ID)).extracting(Session::timeoutMillis).isEqualTo(9000);
    }

    @Test
    void aClosingSessionIsExpiredForEverybody() {
        table.open(ID, 4000);
        assertThat(table.markClosing(ID)).isTrue();
        assertThat(table.markClosing(ID)).isFalse();
        assertThat(table.check(ID, 1)).isEqualTo(SessionVerdict.EXPIRED);
        assertThat(table.checkGlobal(ID, 1)).isEqualTo(SessionVerdict.EXPIRED);
        assertThat(table.reattach(ID, 4000, 1)).isFalse();
    }

    @Test
    void anAppliedCloseForgetsTheSession() {
        table.open(ID, 4000);
        assertThat(table.remove(ID)).isNotNull();
        assertThat(table.check(ID, 1)).isEqualTo(SessionVerdict.UNKNOWN);
        assertThat(table.size()).isZero();
    }

    @Test
    void openingAgainKeepsOwnerAndClosingAndTakesTheTimeout() {
        Session session = table.open(ID, 4000);
        table.check(ID, 2);
        assertThat(table.open(ID, 6000)).isSameAs(session);
        assertThat(session.timeoutMillis()).isEqualTo(6000);
        assertThat(session.owner()).isEqualTo(2);
    }

    @Test
    void aLocalSessionPassesTheOrdinaryCheckButNotTheGlobalOne() {
        table.openLocal(ID, 4000);
        assertThat(table.check(ID, 1)).isEqualTo(SessionVerdict.OK);
        assertThat(table.checkGlobal(ID, 1)).isEqualTo(SessionVerdict.UNKNOWN);
        assertThat(table.localSize()).isOne();
    }

    @Test
    void aLocalSessionCannotBeResumedOnAnotherServer() {
        table.openLocal(ID, 4000);
        assertThat(table.reattachGlobal(ID, 4000, 2)).isFalse();
        assertThat(table.reattach(ID, 4000, 1)).isTrue();
    }

    @Test
    void anUpgradeIsBegunOnceAndEndsWithTheCreateSession() {
        table.openLocal(ID, 4000);
        assertThat(table.beginUpgrade(ID)).isTrue();
        assertThat(table.beginUpgrade(ID)).isFalse();
        assertThat(table.localSize()).isZero();
        assertThat(table.find(ID)).extracting(Session::scope).isEqualTo(Scope.UPGRADING);
        table.open(ID, 4000);
        assertThat(table.checkGlobal(ID, 1)).isEqualTo(SessionVerdict.OK);
        assertThat(table.size()).isOne();
    }

    @Test
    void aGlobalOrClosingSessionIsNotUpgraded() {
        table.open(ID, 4000);
        assertThat(table.beginUpgrade(ID)).isFalse();
        table.openLocal(ID + 1, 4000);
        table.markClosing(ID + 1);
        assertThat(table.beginUpgrade(ID + 1)).isFalse();
    }

    @Test
    void removingALocalSessionKeepsTheCount() {
        table.openLocal(ID, 4000);
        table.remove(ID);
        assertThat(table.localSize()).isZero();
    }

    @Test
    void aLocalSessionIdIsNotGivenTwice() {
        table.open(ID, 4000);
        assertThatThrownBy(() -> table.openLocal(ID, 4000)).hasMessage("session 0x100000000000000 exists already");
    }

    @Test
    void aNewLeaderForgetsOwnersAndUnfinishedCloses() {
        table.open(ID, 4000);
        table.check(ID, 2);
        table.markClosing(ID);
        table.restart();
        assertThat(table.check(ID, 3)).isEqualTo(SessionVerdict.OK);
    }
}
