/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** Which clients this server takes now (spec client-protocol 2.2, steps 1 and 4; 2.7). */
public enum ServiceMode {
    /** None: it loads, looks for a leader, or ends. */
    NOBODY,
    /**
     * None yet: it served until a moment ago and looks for a leader. Who comes now waits at the door for as long as this
     * lasts; sent away, a stock client would come back up to a second later, when the ensemble has long been well again.
     */
    NOBODY_YET,
    /** Those that can do without writes: it has lost its quorum and was told to go on like that. */
    READ_ONLY,
    /** All. */
    EVERYBODY
}
