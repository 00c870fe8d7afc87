/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.util.Locale;

/** What is counted by every server, under the names of stock (spec operations 5.2). */
public enum Counter {
    /** Bytes of frames and commands that clients sent, lengths included. */
    BYTES_RECEIVED_COUNT,
    /** Proposals of this leader that a quorum has acknowledged. */
    COMMIT_COUNT,
    /** Connect requests refused because the server does not serve. */
    CNXN_CLOSED_WITHOUT_ZK_SERVER_RUNNING,
    /** Connections that had a session and were left by their client without a closeSession. */
    CONNECTION_DROP_COUNT,
    /** Connect requests. */
    CONNECTION_REQUEST_COUNT,
    /** Connect requests that name a session. */
    CONNECTION_REVALIDATE_COUNT,
    /** Learners that this leader sent the transactions they missed. */
    DIFF_COUNT,
    /** Requests refused because large ones hold all the memory they may. */
    LARGE_REQUESTS_REJECTED,
    /** Commits that a learner was told, whatever else came with them. */
    LEARNER_COMMIT_RECEIVED_COUNT,
    /** Proposals that a follower was sent. */
    LEARNER_PROPOSAL_RECEIVED_COUNT,
    /** How often this server began to look for a leader. */
    LOOKING_COUNT,
    /** Changes of nodes that were prepared. */
    OUTSTANDING_CHANGES_QUEUED,
    /** Changes of nodes that were prepared and have been applied since. */
    OUTSTANDING_CHANGES_REMOVED,
    /** Requests of clients that the core was given. */
    PREP_PROCESSOR_REQUEST_QUEUED,
    /** Proposals of this leader. */
    PROPOSAL_COUNT,
    /** How often this server gave up leading because a voter had begun to look again. */
    QUIT_LEADING_DUE_TO_DISLOYAL_VOTER,
    /** How often a connection was not read from because too many requests were in flight. */
    REQUEST_THROTTLE_WAIT_COUNT,
    /** Bytes of answers to requests, pings excluded. */
    RESPONSE_BYTES,
    /** Sessions that learners asked this leader about. */
    REVALIDATE_COUNT,
    /** Connections closed because they had no session in time. */
    SESSIONLESS_CONNECTIONS_EXPIRED,
    /** Learners that this leader sent an image. */
    SNAP_COUNT,
    /** Answers to clients that had gone meanwhile. */
    STALE_REPLIES,
    /** Requests whose session had ended or moved before they were looked at. */
    STALE_REQUESTS,
    /** Those of them that were dropped: all. */
    STALE_REQUESTS_DROPPED,
    /** Transactions that the journal was given. */
    SYNC_PROCESSOR_REQUEST_QUEUED,
    /** Bytes of notifications. */
    WATCH_BYTES;

    private final String key = name().toLowerCase(Locale.ROOT);

    public String key() {
        return key;
    }
}
