/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of one session: a read waits for the writes sent before it, and for nothing else (spec client-protocol 9.5).
 *
 * <p>Thread: the session's connection. Pure. A read that arrives while a write is in flight waits here; the next write
 * takes those reads along, to be answered just before it takes effect; when the last write has been answered, what
 * still waits may run.
 */
public final class SessionOrder {
    private List<ReadRequest> waiting = List.of();
    private int writesInFlight;
    /** Reads taken along by writes; forgotten when no write is in flight, for then all of them are answered. */
    private int travelling;

    /** True if a read arriving now has to wait. */
    public boolean mustWait() {
        return writesInFlight > 0 || !waiting.isEmpty();
    }

    public void await(ReadRequest read) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>();
        }
        waiting.add(read);
    }

    /** A write is about to be sent off; returns the reads that it takes along. */
    public List<ReadRequest> beginWrite() {
        writesInFlight++;
        List<ReadRequest> taken = waiting;
        waiting = List.of();
        travelling += taken.size();
        return taken;
    }

    public void endWrite() {
        if (writesInFlight == 0) {
            throw new IllegalStateException("an answer to a write that was never sent");
        }
        writesInFlight--;
        if (writesInFlight == 0) {
            travelling = 0;
        }
    }

    /** True if there are reads that nothing holds back. */
    public boolean isReady() {
        return writesInFlight == 0 && !waiting.isEmpty();
    }

    /** The reads that may run now; they are the caller's from here on. */
    public List<ReadRequest> takeReady() {
        if (writesInFlight > 0 || waiting.isEmpty()) {
            return List.of();
        }
        List<ReadRequest> ready = waiting;
        waiting = List.of();
        return ready;
    }

    /** Returns the last of the reads that were taken as ready; they stay first in order. */
    public void putBack(List<ReadRequest> unserved) {
        waiting = new ArrayList<>(unserved);
    }

    /** Reads that wait, here or along with a write; an upper bound while writes are in flight. */
    public int readsBehindWrites() {
        return travelling + waiting.size();
    }

    /** Writes sent to the core and not answered. */
    public int outstandingWrites() {
        return writesInFlight;
    }

    /** Requests received and not answered, as far as this connection knows; reads that travel with a write excluded. */
    public int outstanding() {
        return writesInFlight + waiting.size();
    }
}
