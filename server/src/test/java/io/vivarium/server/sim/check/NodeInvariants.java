/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What must hold for the servers of an ensemble after every event (spec quorum 15, I1 to I3, I8).
 *
 * <p>Asked about the one server that the event was for; costs a few comparisons. Thread: the test's.
 */
public final class NodeInvariants {
    /** What was seen of a server last. */
    private static final class Former {
        private long acceptedEpoch;
        private long currentEpoch;
        private long checkedZxid = -1;
        private long reign;
    }

    private final Story story;
    private final CommittedHistory history;
    private final Map<Long, Former> formers = new HashMap<>();
    private final Map<Long, Long> leaderOfEpoch = new HashMap<>();

    NodeInvariants(Story story, CommittedHistory history) {
        this.story = story;
        this.history = history;
    }

    /** Something happened at a server. */
    public void changed(NodeView node) {
        if (!node.isAlive()) {
            return;
        }
        Former former = formers.computeIfAbsent(node.sid(), sid -> new Former());
        epochs(node, former);
        boolean leads = node.role() == Role.LEADING && node.isEstablished();
        if (leads && former.reign != node.currentEpoch()) {
            former.reign = node.currentEpoch();
            established(node);
        }
        if (node.isEstablished() && node.lastApplied() != former.checkedZxid) {
            former.checkedZxid = node.lastApplied();
            state(node);
        }
    }

    /** A server starts with an empty disk: what it said before binds it no more. */
    public void wiped(long sid) {
        formers.remove(sid);
    }

    /** I1. */
    private void epochs(NodeView node, Former former) {
        if (node.acceptedEpoch() < former.acceptedEpoch || node.currentEpoch() < former.currentEpoch) {
            throw story.failure("I1: server " + node.sid() + " goes back from epochs " + former.acceptedEpoch + ", "
                    + former.currentEpoch + " (accepted, current) to " + node.acceptedEpoch() + ", "
                    + node.currentEpoch());
        }
        if (node.currentEpoch() > node.acceptedEpoch()) {
            throw story.failure("I1: server " + node.sid() + " has current epoch " + node.currentEpoch()
                    + " and accepted no more than " + node.acceptedEpoch());
        }
        former.acceptedEpoch = node.acceptedEpoch();
        former.currentEpoch = node.currentEpoch();
    }

    /** I2 and I3: the only one of its epoch, with all that was ever committed; what it has besides is committed now. */
    private void established(NodeView node) {
        long epoch = node.currentEpoch();
        story.step("leads epoch " + epoch + ": server", node.sid());
        Long other = leaderOfEpoch.putIfAbsent(epoch, node.sid());
        if (other != null && other != node.sid()) {
            throw story.failure("I2: epoch " + epoch + " is led by server " + other + " and by server " + node.sid());
        }
        if (Zxid.epoch(history.lastZxid()) < epoch && node.lastApplied() < history.lastZxid()) {
            throw story.failure("I3: server " + node.sid() + " leads epoch " + epoch + " with "
                    + Zxid.toString(node.lastApplied()) + " as its last, " + Zxid.toString(history.lastZxid())
                    + " is committed");
        }
        node.committedAfter(history.lastZxid(), txn -> history.applied(node.sid(), txn));
    }

    /** I8: the tree is the one that belongs to its zxid. */
    private void state(NodeView node) {
        long zxid = node.lastApplied();
        long expected;
        Committed at = history.find(zxid);
        if (at != null) {
            expected = at.digest();
        } else if (Zxid.counter(zxid) == 0) {
            int index = history.indexAfter(zxid);
            expected =
                    index == 0 ? history.emptyDigest() : history.get(index - 1).digest();
        } else {
            throw story.failure("I8: server " + node.sid() + " has applied " + Zxid.toString(zxid)
                    + ", which is not committed; the last is " + Zxid.toString(history.lastZxid()));
        }
        if (node.digest() != expected) {
            throw story.failure("I8: server " + node.sid() + " has at " + Zxid.toString(zxid) + " the digest "
                    + node.digest() + ", the model " + expected);
        }
    }

    /** At the end of a run, faults healed and clients at rest: everybody is established at the last zxid. */
    public void converged(Collection<? extends NodeView> nodes) {
        for (NodeView node : nodes) {
            boolean there = node.isAlive()
                    && node.isEstablished()
                    && (node.lastApplied() == history.lastZxid()
                            || (node.lastApplied() > history.lastZxid() && Zxid.counter(node.lastApplied()) == 0));
            if (!there) {
                throw story.failure("server " + node.sid() + " does not converge: alive " + node.isAlive() + ", "
                        + node.role() + ", established " + node.isEstablished() + ", at "
                        + Zxid.toString(node.lastApplied()) + " while " + Zxid.toString(history.lastZxid())
                        + " is committed");
            }
            state(node);
        }
    }
}
