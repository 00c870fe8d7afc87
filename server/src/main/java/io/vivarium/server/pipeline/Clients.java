/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** Whether a leader takes clients ({@code leaderServes}, spec quorum 3.5). */
public enum Clients {
    WELCOME,
    /** They are let go and try another server; learners are served all the same. */
    TURNED_AWAY
}
