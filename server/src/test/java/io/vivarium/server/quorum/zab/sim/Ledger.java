/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.zab.Proposal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What an observer of the whole ensemble knows, and the invariants it holds everybody to (spec quorum 15). */
final class Ledger {
    private final TreeMap<Long, Proposal> committed = new TreeMap<>();
    private final Map<Long, Long> leaderOfEpoch = new HashMap<>();
    private final Map<Long, NavigableMap<Long, Proposal>> historyOfEpoch = new HashMap<>();
    private int commits;

    int commits() {
        return commits;
    }

    NavigableMap<Long, Proposal> committed() {
        return committed;
    }

    /** I2 and I3: one leader for an epoch, and its history has everything that was ever committed. */
    void activated(long sid, long epoch, NavigableMap<Long, Proposal> history) {
        Long other = leaderOfEpoch.putIfAbsent(epoch, sid);
        if (other != null) {
            throw new AssertionError("I2: epoch " + epoch + " is led by " + other + " and by " + sid);
        }
        for (Proposal proposal : committed.headMap(Zxid.of(epoch, 0)).values()) {
            if (!proposal.equals(history.get(proposal.zxid()))) {
                throw new AssertionError("I3: leader " + sid + " of epoch " + epoch + " lacks " + proposal);
            }
        }
        for (Proposal proposal : history.values()) {
            decide(proposal);
        }
        for (long zxid : committed.headMap(Zxid.of(epoch, 0)).keySet()) {
            if (!history.containsKey(zxid)) {
                throw new AssertionError("I3: " + Zxid.toString(zxid) + " is lost in epoch " + epoch);
            }
        }
    }

    /** The history a leader shows when it begins to synchronize. */
    void leads(long epoch, NavigableMap<Long, Proposal> history) {
        historyOfEpoch.put(epoch, new TreeMap<>(history));
    }

    /** I6: a leader's commit is durable on a quorum, crashed servers included. */
    void committedBy(long sid, Proposal proposal, Predicate<Proposal> hasQuorum) {
        if (!hasQuorum.test(proposal)) {
            throw new AssertionError("I6: leader " + sid + " commits " + proposal + " which no quorum has on disk");
        }
        long last = committed.isEmpty() ? 0 : committed.lastKey();
        if (proposal.zxid() > last
                && proposal.zxid() != last + 1
                && !(Zxid.epoch(proposal.zxid()) > Zxid.epoch(last) && Zxid.counter(proposal.zxid()) == 1)) {
            throw new AssertionError("I6: leader " + sid + " commits " + proposal + " after " + Zxid.toString(last));
        }
        decide(proposal);
        commits++;
    }

    private void decide(Proposal proposal) {
        Proposal other = committed.putIfAbsent(proposal.zxid(), proposal);
        if (other != null && !other.equals(proposal)) {
            throw new AssertionError("I8: " + proposal + " is decided twice, differently");
        }
    }

    /** I8: whoever serves has exactly what is committed, up to its last zxid. */
    void serves(long sid, NavigableMap<Long, Proposal> tree, long last) {
        if (!committed.headMap(last, true).equals(tree)) {
            throw new AssertionError("I8: server " + sid + " serves at " + Zxid.toString(last)
                    + " a tree that is not what was committed: has " + describe(tree.keySet()) + ", committed "
                    + describe(committed.headMap(last, true).keySet()));
        }
    }

    /** I8, for one transaction: a learner applies what was decided. */
    void appliedBy(long sid, Proposal proposal, NavigableMap<Long, Proposal> tree) {
        Map.Entry<Long, Proposal> before = committed.lowerEntry(proposal.zxid());
        if (before != null && !before.getValue().equals(tree.get(before.getKey()))) {
            throw new AssertionError("I8: server " + sid + " applies " + proposal + " without " + before.getValue());
        }
    }

    /** I4: who acknowledges NEWLEADER has the leader's history on disk, and its epoch. */
    void newLeaderAcked(long sid, long epoch, SimStore store) {
        if (store.currentEpoch() != epoch) {
            throw new AssertionError("I4: server " + sid + " acknowledges epoch " + epoch + " and has current epoch "
                    + store.currentEpoch() + " on disk");
        }
        for (Proposal proposal : historyOfEpoch.get(epoch).values()) {
            if (!store.hasDurably(proposal)) {
                throw new AssertionError(
                        "I4: server " + sid + " acknowledges epoch " + epoch + " without " + proposal + " on disk");
            }
        }
        TreeMap<Long, Proposal> durable = store.recover().tree();
        for (long zxid : durable.headMap(Zxid.of(epoch, 0)).keySet()) {
            if (!historyOfEpoch.get(epoch).containsKey(zxid)) {
                throw new AssertionError("I4: server " + sid + " keeps " + Zxid.toString(zxid)
                        + " which the leader of epoch " + epoch + " does not have");
            }
        }
    }

    /** I5: who acknowledges a proposal has it on disk. */
    void acked(long sid, long zxid, NavigableMap<Long, Proposal> durable) {
        if (!durable.containsKey(zxid)) {
            throw new AssertionError("I5: server " + sid + " acknowledges " + Zxid.toString(zxid) + " before its disk");
        }
    }

    /**
     * I12: what a voter cuts off is not committed; or it was committed after the leader had decided so, and then by a
     * quorum without this voter, which gets it again.
     */
    void truncates(long sid, long zxid, NavigableMap<Long, Proposal> history, Predicate<Proposal> othersHaveQuorum) {
        for (Proposal proposal : history.tailMap(zxid, false).values()) {
            if (proposal.equals(committed.get(proposal.zxid())) && !othersHaveQuorum.test(proposal)) {
                throw new AssertionError(
                        "I12: server " + sid + " cuts back to " + Zxid.toString(zxid) + " and loses " + proposal);
            }
        }
    }

    static String describe(Collection<Long> zxids) {
        StringBuilder text = new StringBuilder();
        zxids.forEach(zxid -> text.append(Zxid.toString(zxid)).append(' '));
        return text.toString();
    }
}
