/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

/** What a sync is held to. */
public enum SyncPromise {
    /** It sees whatever anybody has seen. */
    ALWAYS,
    /**
     * As stock has it: a leader that was deposed and has not noticed answers for its own epoch, because sync asks no quorum
     * (spec client-protocol 9.5).
     */
    WITHIN_AN_EPOCH
}
