/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static io.vivarium.persistence.recovery.MemberDecision.DISTRUST;
import static io.vivarium.persistence.recovery.MemberDecision.REFUSE;
import static io.vivarium.persistence.recovery.MemberDecision.SET_ALL_ASIDE;
import static io.vivarium.persistence.recovery.MemberDecision.SET_SNAPSHOTS_ASIDE;
import static io.vivarium.persistence.recovery.MemberDecision.TRUST;
import static io.vivarium.persistence.recovery.MemberDecision.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.recovery.MemberDecision.Found;
import io.vivarium.persistence.recovery.MemberDecision.Mark;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberDecisionTest {
    /** Unmarked with peers, marked with peers, unmarked alone, marked alone. */
    private static final Map<Found, List<MemberDecision>> TABLE = new EnumMap<>(Map.of(
            Found.SOUND, List.of(TRUST, DISTRUST, TRUST, REFUSE),
            Found.FELL_BACK, List.of(SET_SNAPSHOTS_ASIDE, SET_ALL_ASIDE, SET_SNAPSHOTS_ASIDE, REFUSE),
            Found.BROKEN_OFF, List.of(SET_ALL_ASIDE, SET_ALL_ASIDE, REFUSE, REFUSE),
            Found.DAMAGED, List.of(SET_ALL_ASIDE, SET_ALL_ASIDE, REFUSE, REFUSE),
            Found.VANISHED, List.of(DISTRUST, DISTRUST, REFUSE, REFUSE),
            Found.WAITING, List.of(WAIT, DISTRUST, WAIT, REFUSE)));

    @Test
    void every_combination() {
        for (Found found : Found.values()) {
            int column = 0;
            for (Peers peers : List.of(Peers.SOME, Peers.NONE)) {
                for (Mark mark : List.of(Mark.ABSENT, Mark.PRESENT)) {
                    assertThat(MemberDecision.of(found, mark, peers))
                            .as("%s, mark %s, peers %s", found, mark, peers)
                            .isEqualTo(TABLE.get(found).get(column++));
                }
            }
        }
    }
}
