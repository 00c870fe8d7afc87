/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.channel.EventLoop;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.PlainReads;
import io.vivarium.server.pipeline.TreeGate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: the buffer that answers are collected in, the list of those that have
 * something waiting from the core.
 *
 * <p>Thread: {@code client-io}, except {@link #markDirty} and {@link #flushDirty}, which are {@code core}'s. The core
 * collects the connections it has touched in a round and hands them over in one task, so a round costs one wake-up for
 * each loop and not one for each answer.
 */
final class IoLane {
    private static final Logger LOG = LoggerFactory.getLogger(IoLane.class);
    private static final int WRITER_BYTES = 64 * 1024;
    private static final int KEEP_WRITER_BYTES = 1024 * 1024;

    private final EventLoop eventLoop;
    private final JuteWriter writer = new JuteWriter(WRITER_BYTES);
    private final List<ClientConnection> connections = new ArrayList<>();
    private final Doorway door;
    private final LaneCounters counters = new LaneCounters();
    private final Recorder recorder;
    private final JuteReader reader;
    private final PlainReads plainReads = new PlainReads();
    private final ReadTally tally = new ReadTally();
    private final ReadHold hold;
    private final LoopTurn turn;
    private List<ClientConnection> dirty = new ArrayList<>();

    /** @param maxFieldBytes greatest length of one string or buffer in a request */
    IoLane(EventLoop eventLoop, TreeGate gate, int maxFieldBytes, Recorder recorder) {
        this.recorder = recorder;
        this.eventLoop = eventLoop;
        this.reader = new JuteReader(ByteBuffer.allocate(0), maxFieldBytes);
        this.hold = new ReadHold(gate);
        this.turn = new LoopTurn(eventLoop);
        this.door = new Doorway(eventLoop);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** The empty writer of this loop; whoever takes it sends what it wrote before giving up the thread. */
    JuteWriter writer() {
        writer.clear();
        writer.shrink(KEEP_WRITER_BYTES);
        return writer;
    }

    /** Reads the request that is being looked at. */
    JuteReader reader() {
        return reader;
    }

    /** Reads of the present burst that are looked up together. */
    PlainReads plainReads() {
        return plainReads;
    }

    /** The reads of the present burst that were answered. */
    ReadTally tally() {
        return tally;
    }

    /** What the reads of the present burst share. */
    ReadHold hold() {
        return hold;
    }

    /** What this loop has done since it last waited. */
    LoopTurn turn() {
        return turn;
    }

    /** Where clients of this loop wait while the server finds a leader. Thread: {@code client-io}. */
    Doorway door() {
        return door;
    }

    LaneCounters counters() {
        return counters;
    }

    /** What is measured on this loop; Thread: {@code client-io}. */
    Recorder recorder() {
        return recorder;
    }

    /** The open connections of this loop. Thread: {@code client-io}. */
    List<ClientConnection> connections() {
        return Collections.unmodifiableList(connections);
    }

    /** Adds a connection; the answer is its place, of which it is told again when that changes. */
    int add(ClientConnection connection) {
        connections.add(connection);
        return connections.size() - 1;
    }

    /** A connection ends; the last one takes its place. */
    void remove(int place) {
        ClientConnection last = connections.remove(connections.size() - 1);
        if (place < connections.size()) {
            connections.set(place, last);
            last.movedTo(place);
        }
    }

    /** Thread: {@code core}. */
    void markDirty(ClientConnection connection) {
        dirty.add(connection);
    }

    /** Hands the touched connections over to their loop. Thread: {@code core}. */
    void flushDirty() {
        if (dirty.isEmpty()) {
            return;
        }
        List<ClientConnection> batch = dirty;
        dirty = new ArrayList<>(batch.size());
        execute(() -> {
            for (ClientConnection connection : batch) {
                connection.pumpSafely();
            }
        });
    }

    /** Runs a task of these connections on their loop. Thread: any. */
    void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop ends with the server: its connections are closed, and nobody waits for what they were to do.
            LOG.debug("a task comes after the end of its loop", e);
        }
    }
}
