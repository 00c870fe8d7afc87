/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** What the thread {@code core} steps: a server on its own, or a member of an ensemble. Thread: core, or who stands in. */
public interface CoreLogic {
    /** What the messages of clients are delivered to. */
    Replica replica();

    /** Tells the time for what follows: monotonic nanoseconds, wall clock milliseconds. */
    void at(long nowNanos, long wallMillis);

    /** Ends a round, behind its messages: applies what is decided and does what is due by now. */
    void endRound();

    /** When {@link #endRound} has something to do next though no message came; nanoseconds of the monotonic clock. */
    long nextDeadlineNanos();
}
