/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

/**
 * What a member of an ensemble does with the history it finds. Pure (spec quorum 2.2, 7.1).
 *
 * <pre>
 *   found        mark absent                   mark present            no voting peer
 *   SOUND        TRUST                         DISTRUST                TRUST; with mark REFUSE
 *   FELL_BACK    SET_SNAPSHOTS_ASIDE           SET_ALL_ASIDE           SET_SNAPSHOTS_ASIDE; with mark REFUSE
 *   BROKEN_OFF   SET_ALL_ASIDE                 SET_ALL_ASIDE           REFUSE
 *   DAMAGED      SET_ALL_ASIDE                 SET_ALL_ASIDE           REFUSE
 *   VANISHED     DISTRUST                      DISTRUST                REFUSE
 *   WAITING      WAIT                          DISTRUST                WAIT; with mark REFUSE
 * </pre>
 *
 * Where a server on its own can only refuse, a member has peers that hold the history: it keeps the files, counts in no
 * quorum and lets a leader send it an image. Without peers that vote nobody could.
 */
enum MemberDecision {
    /** The history is what this member has acknowledged. */
    TRUST,
    /** As {@link #TRUST}; the snapshots that did not read are put aside. */
    SET_SNAPSHOTS_ASIDE,
    /** The history stays where it is, and the member counts in no quorum until a sync has completed. */
    DISTRUST,
    /** As {@link #DISTRUST}, for a directory that is empty by intent: no mark is needed to know it again. */
    WAIT,
    /** As {@link #DISTRUST}; all snapshots and logs are put aside first and the member begins with nothing. */
    SET_ALL_ASIDE,
    /** The start ends here. */
    REFUSE;

    /** What recovery made of the files. */
    enum Found {
        /** The newest snapshot and the log behind it. */
        SOUND,
        /** An older snapshot, and a log that leads through the zxid of each newer one. */
        FELL_BACK,
        /** An older snapshot, and a log that does not show that it leads to the newer ones. */
        BROKEN_OFF,
        /** Files that a server on its own refuses. */
        DAMAGED,
        /** Nothing, although this server has taken over an epoch before; or less than it is known to have had. */
        VANISHED,
        /** Nothing, and no permission to begin a new database. */
        WAITING
    }

    /** Whether {@link TrustMark} is set. */
    enum Mark {
        ABSENT,
        PRESENT
    }

    static MemberDecision of(Found found, Mark mark, Peers peers) {
        boolean marked = mark == Mark.PRESENT;
        if (marked && peers == Peers.NONE) {
            return REFUSE;
        }
        switch (found) {
            case SOUND:
                return marked ? DISTRUST : TRUST;
            case FELL_BACK:
                return marked ? SET_ALL_ASIDE : SET_SNAPSHOTS_ASIDE;
            case BROKEN_OFF, DAMAGED:
                return peers == Peers.SOME ? SET_ALL_ASIDE : REFUSE;
            case VANISHED:
                return peers == Peers.SOME ? DISTRUST : REFUSE;
            default:
                return marked ? DISTRUST : WAIT;
        }
    }
}
