/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

/**
 * Which epochs a member starts with. Pure (spec quorum 2.2, persistence 1.4).
 *
 * <p>C and A are the values of {@code currentEpoch} and {@code acceptedEpoch}, E is the epoch of the last zxid:
 *
 * <pre>
 *   currentEpoch  acceptedEpoch           current     accepted   promises
 *   C             A &gt;= C, A &gt;= E        C           A          KEPT
 *   C             A &gt;= C, A &lt;  E        C           E          LOST   the log is newer than the files
 *   C             A &lt;  C                  C           max(C,E)   LOST   a promise was given that the file lacks
 *   C             missing, C &gt;= E          C           C          KEPT   as spec 1.4, but never below currentEpoch
 *   C             missing, C &lt;  E          C           E          LOST
 *   missing       A &gt;= E                   E           A          KEPT   as spec 1.4
 *   missing       A &lt;  E                   A           E          LOST
 *   missing       missing                    E           E          KEPT   as spec 1.4: no member yet
 *   unreadable    any                        min(E,A)    max(A,E)   LOST   A is 0 if there is none
 *   any           unreadable                 min(C,E)*   max(C,E)   LOST   * C if there is one
 * </pre>
 *
 * A log ahead of currentEpoch alone is what a crash within a sync leaves, and nothing of that sync was acknowledged: the
 * older value stays. Stock takes over a newer one from a leftover there; a part of a history would then look like all of
 * it. Where promises are lost, a server that keeps out of every quorum until a sync has completed does no harm: whoever
 * won an epoch won it among servers that remember.
 *
 * @param note what was found and done, for people; empty if the files were as they should be
 */
public record EpochDecision(long current, long accepted, Promises promises, String note) {
    /** Whether this server knows what it has promised. */
    public enum Promises {
        KEPT,
        /** It must not count in any quorum until a sync with a leader has completed. */
        LOST
    }

    /** @param zxidEpoch epoch of the last zxid; 0 without history */
    public static EpochDecision of(StoredEpoch current, StoredEpoch accepted, long zxidEpoch) {
        boolean hasCurrent = current.state() == StoredEpoch.State.KNOWN;
        boolean hasAccepted = accepted.state() == StoredEpoch.State.KNOWN;
        long c = hasCurrent ? current.epoch() : 0;
        long a = hasAccepted ? accepted.epoch() : 0;
        String found = EpochFiles.CURRENT + " is " + current + ", " + EpochFiles.ACCEPTED + " is " + accepted
                + ", the history ends in epoch " + zxidEpoch;
        long newest = Math.max(zxidEpoch, Math.max(c, a));
        if (current.state() == StoredEpoch.State.UNREADABLE || accepted.state() == StoredEpoch.State.UNREADABLE) {
            return lost(hasCurrent ? c : Math.min(zxidEpoch, a), newest, found);
        }
        if (hasCurrent && hasAccepted) {
            if (a < c || a < zxidEpoch) {
                return lost(c, newest, found);
            }
            return new EpochDecision(c, a, Promises.KEPT, zxidEpoch > c ? found + ": a sync was cut off" : "");
        }
        if (hasCurrent) {
            return c < zxidEpoch ? lost(c, newest, found) : kept(c, c, found);
        }
        if (hasAccepted) {
            return a < zxidEpoch ? lost(a, newest, found) : kept(zxidEpoch, a, found);
        }
        return new EpochDecision(zxidEpoch, zxidEpoch, Promises.KEPT, "");
    }

    private static EpochDecision lost(long current, long accepted, String found) {
        return new EpochDecision(current, accepted, Promises.LOST, found);
    }

    private static EpochDecision kept(long current, long accepted, String found) {
        return new EpochDecision(current, accepted, Promises.KEPT, found);
    }
}
