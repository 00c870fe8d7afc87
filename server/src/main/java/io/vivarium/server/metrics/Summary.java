/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.util.Locale;

/** What is measured by every server, under the names of stock; times in milliseconds (spec operations 5.2). */
public enum Summary {
    /** Tokens that connect requests have taken from the bucket when one arrives; 0 where there is no bucket. */
    CONNECTION_TOKEN_DEFICIT(Detail.BASIC),
    /** From files to a tree in memory. */
    DBINITTIME(Detail.BASIC),
    /** From the beginning of an election until it names a leader; not of observers. */
    ELECTION_TIME(Detail.BASIC),
    /** From the link to a leader until this follower serves. */
    FOLLOWER_SYNC_TIME(Detail.BASIC),
    /** One sync of the journal, its write included. */
    FSYNCTIME(Detail.BASIC),
    /** Learners that are being sent missed transactions when one more is. */
    INFLIGHT_DIFF_COUNT(Detail.BASIC),
    /** Learners that are being sent an image when one more is. */
    INFLIGHT_SNAP_COUNT(Detail.BASIC),
    /** From the last service until this server serves as leader. */
    LEADER_UNAVAILABLE_TIME(Detail.BASIC),
    /** Watches fired by one setData; not recorded if none, and so the next three. */
    NODE_CHANGED_WATCH_COUNT(Detail.BASIC),
    NODE_CHILDREN_WATCH_COUNT(Detail.BASIC),
    NODE_CREATED_WATCH_COUNT(Detail.BASIC),
    NODE_DELETED_WATCH_COUNT(Detail.BASIC),
    /** From the link to a leader until this observer serves. */
    OBSERVER_SYNC_TIME(Detail.BASIC),
    /** Requests that one round of the core found waiting. */
    PREP_PROCESSOR_QUEUE_SIZE(Detail.BASIC),
    /** Writing one snapshot. */
    SNAPSHOTTIME(Detail.BASIC),
    /** Loading the snapshot at the start. */
    STARTUP_SNAP_LOAD_TIME(Detail.BASIC),
    /** Replaying the journal at the start. */
    STARTUP_TXNS_LOAD_TIME(Detail.BASIC),
    /** Transactions replayed at the start. */
    STARTUP_TXNS_LOADED(Detail.BASIC),
    /** Transactions made durable by one sync. */
    SYNC_PROCESSOR_BATCH_SIZE(Detail.BASIC),
    /** Transactions that wait for the journal when a sync has ended. */
    SYNC_PROCESSOR_QUEUE_SIZE(Detail.BASIC),
    /** From the last service until this member of an ensemble serves again. */
    UNAVAILABLE_TIME(Detail.BASIC),

    /** From the arrival of a request at its connection until the core looks at it. */
    PREP_PROCESSOR_QUEUE_TIME_MS(Detail.DETAILED),
    /** From the preparation of a transaction until it is applied. */
    PROPAGATION_LATENCY(Detail.DETAILED),
    /** From a proposal until a quorum has acknowledged it. */
    QUORUM_ACK_LATENCY(Detail.DETAILED),
    /** From the arrival of a read until its answer is written. */
    READLATENCY(Detail.DETAILED),
    /** From the core to the journal and through its sync, for each transaction. */
    SYNC_PROCESSOR_QUEUE_AND_FLUSH_TIME_MS(Detail.DETAILED),
    /** One sync of the journal. */
    SYNC_PROCESSOR_QUEUE_FLUSH_TIME_MS(Detail.DETAILED),
    /** From the core until the journal takes it, for each transaction. */
    SYNC_PROCESSOR_QUEUE_TIME_MS(Detail.DETAILED),
    /** From the arrival of a write until its answer is written. */
    UPDATELATENCY(Detail.DETAILED);

    /** Which quantiles are reported. */
    public enum Detail {
        BASIC,
        DETAILED
    }

    private final String key = name().toLowerCase(Locale.ROOT);
    private final Detail detail;

    Summary(Detail detail) {
        this.detail = detail;
    }

    public String key() {
        return key;
    }

    public Detail detail() {
        return detail;
    }
}
