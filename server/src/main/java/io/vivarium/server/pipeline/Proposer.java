/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * Has a prepared transaction decided. Thread: core; never blocks.
 *
 * <p>A server on its own writes it to its log; a leader has a quorum write it. Either tells {@link Replica#decided} in zxid
 * order.
 */
@FunctionalInterface
public interface Proposer {
    void propose(Proposal proposal);
}
