/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** What sessions that only one server knows may do (spec client-protocol 9.4, quorum 12.3). */
public enum LocalSessions {
    /** {@code localSessionsEnabled} is false: every session is the ensemble's. */
    OFF,
    /** New sessions are local; they may not own ephemerals. */
    ON,
    /** New sessions are local, and become global with the first ephemeral they create. */
    UPGRADING;

    boolean isOn() {
        return this != OFF;
    }
}
