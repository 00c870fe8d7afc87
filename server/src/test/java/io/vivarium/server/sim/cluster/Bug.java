/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import java.util.function.Supplier;

/** Classic bugs, one of which may be planted in every server of a run; each says what is wrong then. */
@SuppressWarnings("ImmutableEnumChecker") // A maker of saboteurs has no state.
enum Bug {
    NONE("nothing", Saboteur::new),
    ACK_BEFORE_SYNC("the journal says that a record is durable before it is", DiskBugs.AckBeforeSync::new),
    RECORD_LOST("one record in fifty never reaches the log, and is acknowledged", DiskBugs.RecordLost::new),
    ACCEPTED_EPOCH_NOT_STORED("the promise of an epoch is not on disk", DiskBugs.AcceptedNotStored::new),
    CURRENT_EPOCH_NOT_STORED("the epoch of the history is not on disk", DiskBugs.CurrentNotStored::new),
    ACCEPTED_EPOCH_FORGOTTEN("a start forgets the promise of an epoch", DiskBugs.AcceptedForgotten::new),
    TRUNC_SKIPPED("TRUNC is answered and not done", DiskBugs.TruncSkipped::new),
    LOG_NOT_CUT_AT_IMAGE("an image is written, the old log stays", DiskBugs.LogNotCut::new),
    IMAGE_NOT_INSTALLED("an image is acknowledged before it is on disk", DiskBugs.ImageNotInstalled::new),
    STALE_MEMORY_KEPT("after half an image the tree is not read again", DiskBugs.NoReload::new),
    DAMAGE_IGNORED("a server that lost its history votes as if it had it", DiskBugs.DamageIgnored::new),
    OWN_VOTE_TWICE("one's own vote and ack count twice", VoteBugs.OwnVoteTwice::new),
    VOTE_ORDER_BY_SID("votes are ranked by server id alone", VoteBugs.OrderBySid::new),
    COMMITS_SWAPPED("two commits change places on a link", PacketBugs.CommitsSwapped::new),
    APPLIED_BEFORE_DECIDED("a follower applies what is proposed", PacketBugs.AppliedBeforeDecided::new),
    DIFF_WITH_A_HOLE(
            "one transaction in fifty is left out of a history, and nobody minds", PacketBugs.DiffWithHole::new),
    FORWARDED_WRITE_LOST("one forwarded write in fifty is lost", PacketBugs.WriteLost::new),
    FORWARDED_WRITE_TWICE("one forwarded write in fifty is sent twice", PacketBugs.WriteTwice::new),
    SYNC_ANSWERED_EARLY("sync does not wait for the leader", PacketBugs.SyncEarly::new),
    DEAD_SESSION_REVIVED("every session that moves is valid", PacketBugs.DeadSessionRevived::new),
    SESSION_OWNER_STALE("the leader is not told that a session has moved", PacketBugs.OwnerStale::new),
    SESSION_TOUCHED_FOR_EVER("sessions of clients that have gone are kept alive", PacketBugs.TouchedForEver::new),
    CLIENT_GOES_BACK("a server that is behind takes clients that are ahead", ClientBugs.GoesBack::new),
    EVENT_AFTER_DATA("a read is answered before the event that waits", ClientBugs.EventAfterData::new);

    private final String words;
    private final Supplier<Saboteur> maker;

    Bug(String words, Supplier<Saboteur> maker) {
        this.words = words;
        this.maker = maker;
    }

    String words() {
        return words;
    }

    /** One for one life of one server. */
    Saboteur saboteur() {
        return maker.get();
    }
}
