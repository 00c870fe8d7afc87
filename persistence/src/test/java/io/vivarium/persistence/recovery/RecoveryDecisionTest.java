/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static io.vivarium.persistence.recovery.RecoveryDecision.DROP_FILE;
import static io.vivarium.persistence.recovery.RecoveryDecision.GO_ON;
import static io.vivarium.persistence.recovery.RecoveryDecision.NOTE;
import static io.vivarium.persistence.recovery.RecoveryDecision.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.Remains;
import io.vivarium.persistence.journal.SegmentEnd;
import io.vivarium.persistence.recovery.EmptyStart.Logs;
import io.vivarium.persistence.recovery.EmptyStart.Marker;
import io.vivarium.persistence.recovery.RecoveryDecision.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Walks every combination of both tables. */
class RecoveryDecisionTest {
    /** For each end: newest {nothing, fragments, later record}, older {the same}. */
    private static Map<SegmentEnd, RecoveryDecision[]> table() {
        Map<SegmentEnd, RecoveryDecision[]> table = new LinkedHashMap<>();
        table.put(SegmentEnd.CLEAN, row(GO_ON, NOTE, REFUSE, GO_ON, NOTE, REFUSE));
        table.put(SegmentEnd.CUT_SHORT, row(NOTE, NOTE, REFUSE, NOTE, NOTE, REFUSE));
        table.put(SegmentEnd.NO_END_BYTE, row(NOTE, NOTE, REFUSE, NOTE, NOTE, REFUSE));
        table.put(SegmentEnd.EMPTY, row(DROP_FILE, DROP_FILE, DROP_FILE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.SHORT_HEADER, row(DROP_FILE, DROP_FILE, DROP_FILE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.BLANK_HEADER, row(DROP_FILE, DROP_FILE, REFUSE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.BAD_MAGIC, row(REFUSE, REFUSE, REFUSE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.BAD_CHECKSUM, row(REFUSE, REFUSE, REFUSE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.BAD_LENGTH, row(REFUSE, REFUSE, REFUSE, REFUSE, REFUSE, REFUSE));
        table.put(SegmentEnd.NO_TXN_HEADER, row(REFUSE, REFUSE, REFUSE, REFUSE, REFUSE, REFUSE));
        return table;
    }

    private static RecoveryDecision[] row(RecoveryDecision... decisions) {
        return decisions;
    }

    @Test
    void each_end_of_a_file_has_one_answer() {
        Map<SegmentEnd, RecoveryDecision[]> table = table();
        assertThat(table.keySet()).containsExactlyInAnyOrder(SegmentEnd.values());
        table.forEach((end, row) -> {
            int i = 0;
            for (Place place : new Place[] {Place.NEWEST, Place.OLDER}) {
                for (Remains remains : new Remains[] {Remains.NOTHING, Remains.FRAGMENTS, Remains.LATER_RECORD}) {
                    assertThat(RecoveryDecision.atSegmentEnd(end, place, remains))
                            .as("%s in the %s file, behind it %s", end, place, remains)
                            .isEqualTo(row[i++]);
                }
            }
        });
    }

    @Test
    void each_start_without_a_snapshot_has_one_answer() {
        for (Logs logs : Logs.values()) {
            for (Marker marker : Marker.values()) {
                for (int bits = 0; bits < 4; bits++) {
                    boolean trust = (bits & 1) != 0;
                    boolean autocreate = (bits & 2) != 0;
                    RecoveryConfig config =
                            new RecoveryConfig(trust, true, autocreate, JournalConfig.DEFAULT_MAX_RECORD_BYTES);
                    EmptyStart expected;
                    if (logs == Logs.SOME) {
                        expected = trust ? EmptyStart.REPLAY : EmptyStart.REFUSE;
                    } else {
                        expected = autocreate || marker == Marker.PRESENT
                                ? EmptyStart.NEW_DATABASE
                                : EmptyStart.WAIT_FOR_LEADER;
                    }
                    assertThat(EmptyStart.of(logs, marker, config))
                            .as("logs %s, marker %s, trust %s, autocreate %s", logs, marker, trust, autocreate)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void consecutive_records_and_new_epochs_go_on_and_anything_else_is_a_gap() {
        long e2 = 2L << 32;
        Continuity continuity = new Continuity(5);
        assertThat(continuity.next(6)).isEqualTo(Continuity.Step.NEXT);
        assertThat(continuity.next(6)).isEqualTo(Continuity.Step.BACK);
        assertThat(continuity.next(3)).isEqualTo(Continuity.Step.BACK);
        assertThat(continuity.next(8)).isEqualTo(Continuity.Step.GAP);
        assertThat(continuity.next(7)).isEqualTo(Continuity.Step.NEXT);
        assertThat(continuity.next(e2 + 5)).isEqualTo(Continuity.Step.NEXT);
        assertThat(continuity.next(e2 + 7)).isEqualTo(Continuity.Step.GAP);
        assertThat(continuity.last()).isEqualTo(e2 + 5);
    }

    @Test
    void behind_a_tear_nothing_but_the_very_next_record_goes_on() {
        long e2 = 2L << 32;
        Continuity continuity = new Continuity(5);
        continuity.torn();
        assertThat(continuity.next(5)).isEqualTo(Continuity.Step.BACK);
        assertThat(continuity.next(e2 + 1)).isEqualTo(Continuity.Step.GAP);
        assertThat(continuity.next(6)).isEqualTo(Continuity.Step.NEXT);
        assertThat(continuity.next(e2 + 1)).isEqualTo(Continuity.Step.NEXT);
    }
}
