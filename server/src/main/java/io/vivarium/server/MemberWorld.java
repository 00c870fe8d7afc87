/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.election.net.ListenFailure;
import io.vivarium.election.net.MeshListener;
import io.vivarium.election.net.VoteMesh;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.pipeline.CoreLoop;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.FatalErrorHandler;
import io.vivarium.server.quorum.QuorumCore;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.history.DiskReopening;
import io.vivarium.server.quorum.history.HistorySender;
import io.vivarium.server.quorum.history.HistoryStore;
import io.vivarium.server.quorum.history.StoreListener;
import io.vivarium.server.quorum.mail.LinkMail;
import io.vivarium.server.quorum.mail.StoreMail;
import io.vivarium.server.quorum.net.ImageSink;
import io.vivarium.server.quorum.net.LinkListener;
import io.vivarium.server.quorum.net.QuorumLinks;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The world of a member of an ensemble: brings what its core asks to links and files, and what those say to the core.
 *
 * <pre>
 *   QuorumCore --QuorumEffects--> VoteMesh, QuorumLinks, HistoryStore, HistorySender, JournalLoop
 *       ^------- QuorumEvent, by the mailbox of the core ------------------------------'
 * </pre>
 *
 * <p>Thread: {@link QuorumEffects} {@code core}; the listeners that of whom they listen to, and they only post.
 */
final class MemberWorld implements QuorumEffects {
    private final FatalErrorHandler fatal;
    private final Runnable snapshotDue;
    private final LongFunction<ImageSink> imageSinks;
    private final VoteInbox votes = new VoteInbox();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Role role = Role.SETTLING;
    private @Nullable Parts parts;

    /** What is brought together; each of them listens to this object, so they are made after it. */
    record Parts(
            QuorumCore core,
            CoreLoop loop,
            VoteMesh mesh,
            QuorumLinks links,
            PresentJournal journal,
            HistoryStore store,
            DiskReopening reopening,
            HistorySender sender) {}

    /**
     * @param snapshotDue asks for a snapshot; thread any
     * @param imageSinks where an image goes that a leader sends, by its zxid
     */
    MemberWorld(FatalErrorHandler fatal, Runnable snapshotDue, LongFunction<ImageSink> imageSinks) {
        this.fatal = fatal;
        this.snapshotDue = snapshotDue;
        this.imageSinks = imageSinks;
    }

    /** Everything is made; to be called before any of it is started. */
    void connect(Parts made) {
        parts = made;
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("a member is at work before it is put together");
        }
        return parts;
    }

    private void post(QuorumEvent event) {
        parts().loop().post(message(event));
    }

    private CoreMessage message(QuorumEvent event) {
        Parts all = parts();
        return replica -> event.deliver(all.core());
    }

    /** What this server is at this moment. Thread: any. */
    Role role() {
        return role;
    }

    /** Asks the core to leave in order, and returns a latch that opens when it has. Thread: any. */
    CountDownLatch stop() {
        post(new QuorumEvent.Stop());
        return stopped;
    }

    // ---- Links ------------------------------------------------------------------------------------------------

    @Override
    public void openPort() {
        parts().links().open();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The port binds again by itself, as soon as it can.
    public void closePort() {
        parts().links().closePort();
    }

    @Override
    public long dial(Member leader) {
        return parts().links().dial(leader);
    }

    @Override
    public void send(long link, QuorumPacket packet) {
        parts().links().send(link, packet);
    }

    @Override
    public void sendToAll(List<Long> links, QuorumPacket packet) {
        parts().links().sendToAll(links, packet);
    }

    @Override
    public void closeLink(long link, String reason) {
        parts().links().close(link, reason);
    }

    @Override
    public void sendHistory(long link, SyncPlan plan) {
        parts().sender().send(link, plan, parts().links().beginHistory(link));
    }

    /** A history has been sent. Thread: history. */
    void historySent(long link) {
        post(new QuorumEvent.HistorySent(link));
    }

    @Override
    public void receiveImage(long link, long zxid) {
        parts().links().receiveImage(link, imageSinks.apply(zxid));
    }

    /** What the links say. */
    LinkListener linkListener() {
        return new LinkMail(event -> parts().loop().leave(message(event))) {
            @Override
            public void received(long link, QuorumPacket packet) {
                Parts all = parts();
                QuorumEvent event = new QuorumEvent.PacketReceived(link, packet);
                all.loop().leave(replica -> {
                    event.deliver(all.core());
                    all.links().consumed(link, packet);
                });
            }

            @Override
            public void turnEnded() {
                parts().loop().standIn();
            }
        };
    }

    // ---- Disk -------------------------------------------------------------------------------------------------

    @Override
    public void append(long zxid, byte[] payload) {
        parts().journal().submit(zxid, payload);
    }

    @Override
    public void storeEpoch(EpochKind kind, long epoch) {
        parts().store().storeEpoch(kind, epoch);
    }

    @Override
    public void truncateHistory(long zxid) {
        parts().store().truncate(zxid);
    }

    @Override
    public void installSnapshot(long zxid) {
        parts().store().installSnapshot(zxid);
    }

    @Override
    public void reload() {
        parts().store().reload();
    }

    @Override
    public void reopenDisk(long acknowledgedZxid) {
        parts().reopening().begin(parts().journal().durableZxid(), acknowledgedZxid);
    }

    /** The disk has been read again, and a journal stands behind what was found. Thread: disk. */
    void reopened(HistoryStore.Reopened history) {
        post(new QuorumEvent.Reloaded(history.lastZxid(), history.resync(), history.recent()));
    }

    @Override
    public void quiesce() {
        parts().store().quiesce();
    }

    private String space() {
        return parts().reopening().space();
    }

    /** What the journal says. */
    JournalListener journalListener() {
        return new JournalListener() {
            @Override
            public void synced(long zxid, boolean rests) {
                parts().loop().bring(message(new QuorumEvent.JournalSynced(zxid)), rests);
            }

            @Override
            public void snapshotDue() {
                snapshotDue.run();
            }

            @Override
            public void failed(Throwable cause) {
                if (cause instanceof IOException || cause instanceof UncheckedIOException) {
                    post(new QuorumEvent.DiskFailed(DiskReopening.words(cause) + " (" + space() + ")"));
                } else {
                    fatal.onFatal("journal", cause);
                }
            }
        };
    }

    /** What the history store says. */
    StoreListener storeListener() {
        return new StoreMail(this::post) {
            @Override
            public void failed(Throwable cause) {
                // The journal ends with the same cause and reports it behind everything that it has answered.
            }
        };
    }

    // ---- Votes ------------------------------------------------------------------------------------------------

    @Override
    public void sendVote(long sid, Notification message) {
        parts().mesh().send(sid, message);
    }

    @Override
    public void seekPeers(SortedSet<Long> sids) {
        parts().mesh().seek(sids);
    }

    @Override
    public void restPeers() {
        parts().mesh().rest();
    }

    @Override
    public void dialPeers(SortedSet<Long> sids) {
        parts().mesh().dial(sids);
    }

    @Override
    public void membersChanged(Ensemble ensemble) {
        Map<Long, List<HostPort>> addresses = new HashMap<>();
        ensemble.members()
                .forEach((sid, member) -> addresses.put(
                        sid,
                        member.addresses().stream()
                                .map(address -> new HostPort(address.host(), address.electionPort()))
                                .toList()));
        parts().mesh().updatePeers(addresses);
    }

    /** What the links for votes say. */
    MeshListener meshListener() {
        return new MeshListener() {
            @Override
            public void connected(long sid) {
                post(new QuorumEvent.VoterConnected(sid));
            }

            @Override
            public void disconnected(long sid) {
                post(new QuorumEvent.VoterDisconnected(sid));
            }

            @Override
            public void received(long sid, Notification message) {
                if (votes.put(sid, message)) {
                    Parts all = parts();
                    all.loop().post(replica -> {
                        Notification oldest = votes.take(sid);
                        if (oldest != null) {
                            new QuorumEvent.Voted(sid, oldest).deliver(all.core());
                        }
                    });
                }
            }

            @Override
            public void listenFailed(ListenFailure failure) {
                fatal.onFatal("election port", new IOException(failure.toString()));
            }
        };
    }

    // ---- This server ------------------------------------------------------------------------------------------

    @Override
    public void roleChanged(Role changed) {
        role = changed;
    }

    @Override
    public void stopped() {
        stopped.countDown();
    }
}
