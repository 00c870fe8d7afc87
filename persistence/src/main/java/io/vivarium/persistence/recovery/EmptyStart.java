/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

/**
 * What to do when no file passes as a snapshot. Pure (spec persistence 1.3, the rows of 3.6+).
 *
 * <pre>
 *   logs    trust.empty   marker or db.autocreate   start
 *   some    yes           -                         REPLAY
 *   some    no            -                         REFUSE
 *   none    -             yes                       NEW_DATABASE
 *   none    -             no                        WAIT_FOR_LEADER
 * </pre>
 */
enum EmptyStart {
    /** Replay the logs from a fresh tree. */
    REPLAY,
    /** {@code No snapshot found, but there are log entries.} */
    REFUSE,
    /** A fresh tree at zxid 0. */
    NEW_DATABASE,
    /** A fresh tree that must not win an election: zxid -1. */
    WAIT_FOR_LEADER;

    /** Whether there is any log file; a name alone counts. */
    enum Logs {
        NONE,
        SOME
    }

    /** Whether the file {@code initialize} is there. */
    enum Marker {
        ABSENT,
        PRESENT
    }

    static EmptyStart of(Logs logs, Marker marker, RecoveryConfig config) {
        if (logs == Logs.SOME) {
            return config.trustEmptySnapshot() ? REPLAY : REFUSE;
        }
        return marker == Marker.PRESENT || config.autocreateDatabase() ? NEW_DATABASE : WAIT_FOR_LEADER;
    }
}
