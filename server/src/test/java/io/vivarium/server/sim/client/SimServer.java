/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.RequestRoute;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.watch.Watcher;

/**
 * A server as its client port sees it: what a {@link ServerEnd} needs of the rest of it.
 *
 * <p>Implemented by the simulated cluster, one object for each life of a process: after a crash there is another. Thread: the
 * test's.
 */
public interface SimServer {
    long sid();

    /**
     * Does some work of the client port: now; or, if the process is paused, when it goes on, in the order given; or
     * never, if it is dead.
     */
    void execute(Runnable work);

    /** The monotonic clock of the machine. */
    long nowNanos();

    /** Which clients are taken now. */
    ServiceMode service();

    /** The last zxid of the tree; clients that have seen more are turned away. */
    long lastZxid();

    /** The timeout a client gets that asks for this one, milliseconds. */
    int negotiate(int timeoutMillis);

    RequestRoute route();

    /** Whether a request goes to {@link #route} rather than being answered from memory. */
    default boolean isRouted(int op) {
        return OpCode.isWrite(op) || op == OpCode.SYNC;
    }

    /** Whether what is queued for a client leaves before a read of it is answered, as it must; a planted bug says no. */
    default boolean drainsBeforeReads() {
        return true;
    }

    ReadService reads();

    TreeGate gate();

    /** Forgets the watches of a connection that has ended. */
    void forgetWatches(Watcher watcher);
}
