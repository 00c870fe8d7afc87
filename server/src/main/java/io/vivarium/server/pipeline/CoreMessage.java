/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * What other threads have to say to the core.
 *
 * <p>A message delivers itself to the {@link Replica}, on thread {@code core} or one that stands in for it ({@link
 * CoreLoop#standIn}). It carries values, never a reference to
 * something its sender goes on changing.
 */
public interface CoreMessage {
    void deliver(Replica replica);

    /** Of the node that this will look at; null if it is about none, or about several. */
    default @Nullable String path() {
        return null;
    }

    /**
     * Comes in the place of {@link #deliver} when the core has ended. Thread: any. Nothing to do for what only the core
     * would have used; whoever waits for an answer is told here that there will be none.
     */
    default void refused() {}

    /** The journal of a server on its own has everything up to {@code zxid} on disk. */
    record JournalSynced(long zxid) implements CoreMessage {
        @Override
        public void deliver(Replica replica) {
            replica.onJournalSynced(zxid);
        }
    }

    /** The connection of a client has ended. */
    record Disconnected(ClientLink link) implements CoreMessage {
        @Override
        public void deliver(Replica replica) {
            replica.onDisconnected(link);
        }
    }

    /**
     * Something to be done between two requests, such as a report that must be of one moment.
     *
     * @param refusal what to do instead when there is no core any more
     */
    record Inquiry(Runnable question, Runnable refusal) implements CoreMessage {
        @Override
        public void deliver(Replica replica) {
            question.run();
        }

        @Override
        public void refused() {
            refusal.run();
        }
    }
}
