/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.tree.ChangeListener;
import io.vivarium.server.tree.Znode;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Replica} tells of itself: the way of requests through it, and the bytes its transactions write.
 *
 * <p>Thread: {@code core}. Times are those of the round, so they cost no look at a clock. Spec: operations 5.2.
 */
final class CoreMeter implements ChangeListener {
    private final Recorder recorder;
    private final ChangeListener next;
    private final ServerTime time;
    private int taken;
    private int pending;

    /** @param next hears of each change after it was measured */
    CoreMeter(Recorder recorder, ChangeListener next, ServerTime time) {
        this.recorder = recorder;
        this.next = next;
        this.time = time;
    }

    Recorder recorder() {
        return recorder;
    }

    /** The messages of a round have been looked at. */
    void endRound() {
        if (taken > 0) {
            recorder.record(Summary.PREP_PROCESSOR_QUEUE_SIZE, taken);
            taken = 0;
        }
    }

    /** A request of a client is looked at. */
    void taken(long receivedNanos) {
        taken++;
        recorder.add(Counter.PREP_PROCESSOR_REQUEST_QUEUED, 1);
        recorder.recordNanos(Summary.PREP_PROCESSOR_QUEUE_TIME_MS, time.nanos() - receivedNanos);
    }

    /** A request was dropped: its session has ended, or has moved to another connection. */
    void stale() {
        recorder.add(Counter.STALE_REQUESTS, 1);
        recorder.add(Counter.STALE_REQUESTS_DROPPED, 1);
    }

    /** So many changes of nodes are prepared and not applied now. */
    void pending(int changes) {
        if (changes > pending) {
            recorder.add(Counter.OUTSTANDING_CHANGES_QUEUED, changes - pending);
        } else if (changes < pending) {
            recorder.add(Counter.OUTSTANDING_CHANGES_REMOVED, pending - changes);
        }
        pending = changes;
    }

    /**
     * A transaction has been applied.
     *
     * @param link the client of its session, if it is connected to this server
     */
    void applied(Proposal proposal, @Nullable ClientLink link) {
        TxnHeader header = proposal.txn().header();
        recorder.record(Summary.PROPAGATION_LATENCY, time.wallMillis() - header.timeMillis());
        if (header.type() == OpCode.CREATE_SESSION && proposal.origin() != null && link != null) {
            recorder.recordNanos(Summary.UPDATELATENCY, time.nanos() - link.lastHeardNanos());
        }
    }

    /** An answer was made for a client that has gone. */
    void staleReply() {
        recorder.add(Counter.STALE_REPLIES, 1);
    }

    /** A read that waited between two writes has been answered. */
    void readAnswered(ReadRequest read, int frameBytes) {
        recorder.recordNanos(Summary.READLATENCY, time.nanos() - read.receivedNanos());
        if (read.op() != OpCode.PING) {
            recorder.add(Counter.RESPONSE_BYTES, frameBytes - Integer.BYTES);
        }
    }

    // ---- Changes ----------------------------------------------------------------------------------------------

    @Override
    public void created(String path, Znode node, String parentPath, Znode parent) {
        recorder.written(path, path.length() + node.dataLength());
        next.created(path, node, parentPath, parent);
    }

    @Override
    public void deleted(String path, Znode last, String parentPath, Znode parent) {
        recorder.written(path, path.length());
        next.deleted(path, last, parentPath, parent);
    }

    @Override
    public void dataChanged(String path, Znode node) {
        recorder.written(path, path.length() + node.dataLength());
        next.dataChanged(path, node);
    }
}
