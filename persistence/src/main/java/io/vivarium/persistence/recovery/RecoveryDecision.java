/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.journal.Remains;
import io.vivarium.persistence.journal.SegmentEnd;

/**
 * What to do where a log file stops making sense. Pure (spec persistence 2.4, trap T3).
 *
 * <pre>
 *   end                        file     behind it           decision
 *   CLEAN                      any      nothing             GO_ON
 *   CLEAN                      any      fragments           NOTE      a write that lost its first blocks
 *   CUT_SHORT, NO_END_BYTE     any      no later record     NOTE      a write that was cut off
 *   the three above            any      a later record      REFUSE    a hole: its records may have been acknowledged
 *   EMPTY, SHORT_HEADER        newest   -                   DROP_FILE nothing was ever synced to it
 *   EMPTY, SHORT_HEADER        older    -                   REFUSE    it had records once: newer files followed
 *   BLANK_HEADER               newest   no later record     DROP_FILE as EMPTY: it grew before its first bytes arrived
 *   BLANK_HEADER               newest   a later record      REFUSE    its header was there once
 *   BLANK_HEADER               older    -                   REFUSE
 *   BAD_MAGIC, BAD_CHECKSUM,
 *   BAD_LENGTH, NO_TXN_HEADER  any      -                   REFUSE    no cut-off write looks like this
 * </pre>
 *
 * <p>A NOTE in an older file is safe only if the next file goes on without a gap: the very next zxid has to follow, and not
 * even a new epoch may begin there ({@link Continuity#torn}). A member cuts such an end off at its start ({@link
 * io.vivarium.persistence.journal.LogTail#writeAgain}), so what is found in an older file came later.
 */
enum RecoveryDecision {
    /** Nothing to say; the next file or the end. */
    GO_ON,
    /** Drop what does not read, say so once, go on. */
    NOTE,
    /** Delete the file, say so once: left there it would stand between older and newer files one day. */
    DROP_FILE,
    /** The start ends here. */
    REFUSE;

    /** Whether more files follow. */
    enum Place {
        NEWEST,
        OLDER
    }

    static RecoveryDecision atSegmentEnd(SegmentEnd end, Place place, Remains remains) {
        switch (end) {
            case CLEAN:
                if (remains == Remains.NOTHING) {
                    return GO_ON;
                }
                return remains == Remains.LATER_RECORD ? REFUSE : NOTE;
            case CUT_SHORT, NO_END_BYTE:
                return remains == Remains.LATER_RECORD ? REFUSE : NOTE;
            case EMPTY, SHORT_HEADER:
                return place == Place.NEWEST ? DROP_FILE : REFUSE;
            case BLANK_HEADER:
                return place == Place.NEWEST && remains != Remains.LATER_RECORD ? DROP_FILE : REFUSE;
            default:
                return REFUSE;
        }
    }
}
