/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ids, passwords and timeouts: spec client-protocol 2.2, 2.6, 9.1, 14. */
class SessionIdentityTest {
    private static final long WALL = 1_795_224_782_164L;

    @Test
    void thePasswordIsTheOneStockGives() {
        assertThat(HexFormat.of().formatHex(SessionPassword.of(0x100000deb700029L)))
                .isEqualTo("71500fece537a2c757ec7e774d50f3db");
        assertThat(HexFormat.of().formatHex(SessionPassword.of(0x100000deb700009L)))
                .isEqualTo("0e2ecbece7c3b82baf8d960ad9356239");
    }

    @Test
    void thePasswordIsWhatTheJdksGeneratorGivesForThatSeed() {
        Random ids = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long id = ids.nextLong();
            byte[] expected = new byte[16];
            new Random(id ^ 0xB3415C00L).nextBytes(expected);
            assertThat(SessionPassword.of(id)).as("session 0x%x", id).isEqualTo(expected);
        }
    }

    @Test
    void onlyTheWholePasswordMatches() {
        byte[] password = SessionPassword.of(5);
        assertThat(SessionPassword.matches(5, password)).isTrue();
        assertThat(SessionPassword.matches(6, password)).isFalse();
        assertThat(SessionPassword.matches(5, null)).isFalse();
        assertThat(SessionPassword.matches(5, new byte[0])).isFalse();
        password[15] ^= 1;
        assertThat(SessionPassword.matches(5, password)).isFalse();
    }

    @Test
    void sessionZeroHasNoPassword() {
        assertThat(SessionPassword.matches(0, SessionPassword.of(0))).isFalse();
    }

    @Test
    void theHighByteIsTheServerThenFortyBitsOfTimeThenACount() {
        SessionIds ids = new SessionIds(3, WALL);
        long first = ids.next(id -> false);
        assertThat(first >>> 56).isEqualTo(3);
        assertThat(SessionIds.isOf(first, 3)).isTrue();
        assertThat(SessionIds.isOf(first, 2)).isFalse();
        assertThat((first >>> 16) & 0xff_ffff_ffffL).isEqualTo(WALL & 0xff_ffff_ffffL);
        assertThat(first & 0xffff).isZero();
        assertThat(ids.next(id -> false)).isEqualTo(first + 1);
    }

    @Test
    void onlyTheLowByteOfTheServerIdShows() {
        long id = new SessionIds(0x1fe, WALL).next(taken -> false);
        assertThat(id >>> 56).isEqualTo(0xfe);
        assertThat(SessionIds.isOf(id, 0x1fe)).isTrue();
        assertThat(SessionIds.isOf(id, 0xfe)).isTrue();
    }

    @Test
    void theCountCarriesIntoTheTimeAndNeverIntoTheServer() {
        SessionIds ids = new SessionIds(1, (1L << 40) - 1);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 70_000; i++) {
            long id = ids.next(taken -> false);
            assertThat(seen.add(id)).isTrue();
            assertThat(SessionIds.isOf(id, 1)).isTrue();
        }
    }

    @Test
    void neitherZeroNorTheSmallestLongIsGivenAway() {
        assertThat(new SessionIds(0, 0).next(id -> false)).isEqualTo(1);
        assertThat(new SessionIds(0x80, 0).next(id -> false)).isEqualTo(Long.MIN_VALUE + 1);
    }

    @Test
    void idsThatPersistedSessionsHaveAreSkipped() {
        long first = new SessionIds(1, WALL).next(id -> false);
        List<Long> asked = new ArrayList<>();
        long next = new SessionIds(1, WALL).next(id -> asked.add(id) && id < first + 3);
        assertThat(next).isEqualTo(first + 3);
        assertThat(asked).hasSize(4);
    }

    @Test
    void timeoutsAreClampedToTheRange() {
        SessionTimeouts range = SessionTimeouts.of(1000, SessionTimeouts.DEFAULT, SessionTimeouts.DEFAULT);
        assertThat(range.negotiate(-5)).isEqualTo(2000);
        assertThat(range.negotiate(1)).isEqualTo(2000);
        assertThat(range.negotiate(3000)).isEqualTo(3000);
        assertThat(range.negotiate(1_000_000_000)).isEqualTo(20_000);
    }

    @Test
    void theRangeIsConfigurableEachEndForItself() {
        assertThat(SessionTimeouts.of(3000, 100, SessionTimeouts.DEFAULT)).isEqualTo(new SessionTimeouts(100, 60_000));
        assertThat(SessionTimeouts.of(3000, SessionTimeouts.DEFAULT, 7000)).isEqualTo(new SessionTimeouts(6000, 7000));
    }

    @Test
    void anEmptyRangeIsAnErrorAtStartUp() {
        assertThatThrownBy(() -> SessionTimeouts.of(3000, 100, 50))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minSessionTimeout 100 ms is greater than maxSessionTimeout 50 ms");
    }
}
