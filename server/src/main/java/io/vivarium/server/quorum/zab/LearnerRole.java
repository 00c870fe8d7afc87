/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/** What a learner asks to be (spec quorum 8.1): the packet type decides what it is sent, not the configuration. */
public enum LearnerRole {
    /** Gets PROPOSAL and COMMIT, logs and acknowledges. */
    FOLLOWER,
    /** Gets INFORM and acknowledges no transaction. */
    OBSERVER
}
