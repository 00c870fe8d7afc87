/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The disk of one server: what a crash leaves and what it may take. */
final class SimStore {
    /** An image of the tree; the tree is simply what was applied, by zxid. */
    record Image(long zxid, TreeMap<Long, Proposal> tree) {
        Image copy() {
            return new Image(zxid, new TreeMap<>(tree));
        }
    }

    private final SimWorld world;
    private final List<Image> snapshots = new ArrayList<>();
    private final TreeMap<Long, Proposal> journal = new TreeMap<>();
    private final ArrayDeque<Proposal> unsynced = new ArrayDeque<>();
    private long acceptedEpoch;
    private long currentEpoch;

    SimStore(SimWorld world) {
        this.world = world;
        snapshots.add(new Image(0, new TreeMap<>()));
    }

    long acceptedEpoch() {
        return acceptedEpoch;
    }

    long currentEpoch() {
        return currentEpoch;
    }

    void storeEpoch(EpochKind kind, long epoch) {
        long old = kind == EpochKind.ACCEPTED ? acceptedEpoch : currentEpoch;
        if (epoch < old) {
            throw new AssertionError("I1: " + kind + " falls from " + old + " to " + epoch);
        }
        if (kind == EpochKind.ACCEPTED) {
            acceptedEpoch = epoch;
        } else {
            currentEpoch = epoch;
        }
        if (currentEpoch > acceptedEpoch) {
            throw new AssertionError("I1: current epoch " + currentEpoch + " above accepted " + acceptedEpoch);
        }
    }

    void append(Proposal proposal) {
        unsynced.addLast(proposal);
    }

    boolean hasUnsynced() {
        return !unsynced.isEmpty();
    }

    /** Makes everything appended durable; the last zxid of it. */
    long sync() {
        while (!unsynced.isEmpty()) {
            Proposal proposal = unsynced.removeFirst();
            journal.put(proposal.zxid(), proposal);
        }
        return journal.isEmpty() ? 0 : journal.lastKey();
    }

    /** A crash: of what was not synced, some prefix may be there all the same. */
    void crash() {
        int survivors = unsynced.isEmpty() ? 0 : world.dice.nextInt(unsynced.size() + 1);
        for (int i = 0; i < survivors; i++) {
            Proposal proposal = unsynced.removeFirst();
            journal.put(proposal.zxid(), proposal);
        }
        unsynced.clear();
    }

    /** What a restart would find: the newest snapshot and the journal above it. */
    Image recover() {
        Image image = snapshots.get(snapshots.size() - 1).copy();
        long last = image.zxid;
        for (Proposal proposal : journal.tailMap(image.zxid, false).values()) {
            image.tree.put(proposal.zxid(), proposal);
            last = proposal.zxid();
        }
        return new Image(last, image.tree);
    }

    /** The journal above the newest snapshot, for the committed log. */
    Iterable<Proposal> journalAboveSnapshot() {
        return new ArrayList<>(
                journal.tailMap(snapshots.get(snapshots.size() - 1).zxid, false).values());
    }

    NavigableMap<Long, Proposal> journal() {
        TreeMap<Long, Proposal> all = new TreeMap<>(journal);
        unsynced.forEach(proposal -> all.put(proposal.zxid(), proposal));
        return all;
    }

    boolean hasDurably(Proposal proposal) {
        if (proposal.equals(journal.get(proposal.zxid()))) {
            return true;
        }
        return proposal.equals(snapshots.get(snapshots.size() - 1).tree.get(proposal.zxid()));
    }

    /** Cuts away everything above; the last zxid that is left. */
    long truncate(long zxid) {
        journal.tailMap(zxid, false).clear();
        unsynced.clear();
        while (snapshots.size() > 1 && snapshots.get(snapshots.size() - 1).zxid > zxid) {
            snapshots.remove(snapshots.size() - 1);
        }
        return recover().zxid;
    }

    void cutAbove(long zxid) {
        journal.tailMap(zxid, false).clear();
    }

    /** The history is this image now. */
    void install(Image image) {
        journal.clear();
        unsynced.clear();
        snapshots.clear();
        snapshots.add(image.copy());
    }

    /** A server's own snapshot; the older half of its log goes away. */
    void snapshotAndPurge(Image image) {
        snapshots.add(image.copy());
        while (snapshots.size() > 2) {
            snapshots.remove(0);
        }
        journal.headMap(snapshots.get(0).zxid, true).clear();
    }
}
