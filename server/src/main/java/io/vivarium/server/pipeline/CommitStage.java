/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.TxnApplier;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies decided transactions in zxid order and answers whoever asked for them here (spec quorum 7.4).
 *
 * <p>Thread: core. {@link #decide} only notes; {@link #settle} applies all that is noted in holds of the gate that are short
 * enough for readers not to feel them. Each transaction is applied before the answer to it is queued and after the events it
 * causes.
 */
final class CommitStage {
    /** Transactions applied in one hold of the gate; keeps readers waiting for microseconds, not for a batch. */
    private static final int APPLIES_PER_HOLD = 64;
    /** Answers to reads between two writes go to their connection in pieces of about this size. */
    private static final int AHEAD_PIECE_BYTES = 256 * 1024;

    private static final int SCRATCH_BYTES = 64 * 1024;

    private final TreeGate gate;
    private final TxnApplier applier;
    private final WatchService watches;
    private final ReadService reads;
    private final LocalLinks links;
    private final CoreMeter meter;
    private final Consumer<Proposal> applied;
    private final ArrayDeque<Proposal> decided = new ArrayDeque<>();
    private final JuteWriter scratch = new JuteWriter(4096);
    private volatile long lastApplied;

    /** @param applied is told of each transaction, inside the hold, when the tree has it and its answer is queued */
    CommitStage(ReplicaParts parts, LocalLinks links, CoreMeter meter, Consumer<Proposal> applied) {
        this.gate = parts.gate();
        this.applier = parts.applier();
        this.watches = parts.watches();
        this.reads = parts.reads();
        this.links = links;
        this.meter = meter;
        this.applied = applied;
        this.lastApplied = applier.tree().lastZxid();
    }

    /** The zxid of the last transaction applied. Thread: any. */
    long lastApplied() {
        return lastApplied;
    }

    /** The tree was filled by somebody else. */
    void restart() {
        decided.clear();
        lastApplied = applier.tree().lastZxid();
    }

    /** Notes the next transaction in order. */
    void decide(Proposal proposal) {
        decided.addLast(proposal);
    }

    /** Applies everything noted. */
    void settle() {
        while (!decided.isEmpty()) {
            long stamp = gate.enterExclusive();
            try {
                for (int i = 0; i < APPLIES_PER_HOLD && !decided.isEmpty(); i++) {
                    apply(decided.removeFirst());
                }
            } finally {
                gate.leaveExclusive(stamp);
            }
        }
    }

    private void apply(Proposal proposal) {
        WriteRequest origin = proposal.origin();
        ClientLink link = origin == null ? null : origin.link();
        if (origin != null) {
            answerReadsAhead(origin);
        }
        LoggedTxn txn = proposal.txn();
        watches.begin(txn.zxid());
        ApplyResult result = proposal.isOwn()
                ? applier.apply(txn.header(), txn.body(), proposal.foreseen(), meter)
                : applier.apply(txn, meter);
        lastApplied = txn.zxid();
        if (origin != null) {
            answer(origin, txn.zxid(), result);
        }
        if (txn.body() instanceof Txn.CloseSession) {
            sessionClosed(txn.header().clientId(), link);
        }
        applied.accept(proposal);
    }

    private void answer(WriteRequest origin, long zxid, ApplyResult result) {
        ClientLink link = origin.link();
        if (link != null && result.error() == ErrorCode.SESSION_MOVED.code()) {
            // -118 is never sent: it means that the client is elsewhere by now (spec client-protocol 15, trap 11).
            link.hangUp();
        } else {
            if (link != null && !link.isOpen()) {
                meter.staleReply();
            }
            origin.applied(zxid, result);
        }
    }

    /** The reads that arrived before this request see the tree as it is just before it. Inside or outside of a hold. */
    void answerReadsAhead(WriteRequest origin) {
        ClientLink link = origin.link();
        if (link == null || origin.readsAhead().isEmpty() || !link.isOpen()) {
            return;
        }
        scratch.clear();
        boolean goesOn = true;
        for (ReadRequest read : origin.readsAhead()) {
            int before = scratch.size();
            goesOn &= reads.serve(read, link, scratch, meter.recorder());
            meter.readAnswered(read, scratch.size() - before);
            if (scratch.size() >= AHEAD_PIECE_BYTES) {
                // In pieces, so that a link that cannot keep them says so before all of them are made.
                link.queue(new Outgoing.Encoded(scratch.toByteArray()));
                scratch.clear();
                if (!link.isOpen()) {
                    scratch.shrink(SCRATCH_BYTES);
                    return;
                }
            }
        }
        link.queue(new Outgoing.Encoded(scratch.toByteArray()));
        scratch.shrink(SCRATCH_BYTES);
        if (!goesOn) {
            link.hangUp();
        }
    }

    private void sessionClosed(long id, @Nullable ClientLink asker) {
        ClientLink link = links.detach(id);
        if (link != null && link != asker) {
            link.hangUp();
        }
    }
}
