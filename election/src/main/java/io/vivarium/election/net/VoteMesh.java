/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.VoteHandshake;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of this server to all others on the election port: one per pair, dialled by the larger sid (spec election
 * 1.1).
 *
 * <pre>
 * we dial, peer smaller:   connect, introduce ourselves, link
 * we dial, peer larger:    connect, introduce ourselves, hang up; the peer calls back
 * peer calls, larger:      read who it is, link
 * peer calls, smaller:     read who it is, hang up, drop the old link, call back
 * peer calls, ourselves:   hang up
 * </pre>
 *
 * <p>The newest link wins. All peers are dialled at once, none can hold up another, and a caller that says nothing or
 * nonsense costs a socket until its deadline. Between {@link #seek} and {@link #rest} lost links are repaired in the
 * background and links that stay silent are replaced; otherwise a dial happens only when there is something to send.
 *
 * <p>Thread: methods any; everything else on the one event loop of the constructor (peer-io), which is where the
 * listener is called.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
public final class VoteMesh {
    private static final Logger LOG = LoggerFactory.getLogger(VoteMesh.class);

    /** A link this young is not given up because its smaller end called too; both ends dial when both start at once. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long SILENCE_CHECK_MILLIS = 250;

    private final MeshConfig config;
    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final MeshListener listener;
    private final LinkSecurity security;
    private final AddressBook addresses;
    private final VoteDialler dialler;
    private final List<ElectionPort> ports = new ArrayList<>();
    private final Deque<Channel> pendingHandshakes = new ArrayDeque<>();
    private final ConcurrentMap<Long, PeerLink> links = new ConcurrentHashMap<>();
    private final VoteConnection.Owner connectionOwner = new ConnectionEvents();
    private Set<Long> wanted = Set.of();
    private @Nullable Future<?> silenceCheck;
    private boolean closed;

    public VoteMesh(
            MeshConfig config,
            EventLoop loop,
            LongSupplier nanoClock,
            NameLookup lookup,
            LinkSecurity security,
            MeshListener listener) {
        this.config = config;
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.security = security;
        this.addresses = new AddressBook(loop, lookup, config.connectTimeoutMillis());
        this.dialler = new VoteDialler(loop, config, security, addresses);
        for (HostPort address : config.addresses()) {
            ports.add(new ElectionPort(loop, config, address, addresses, this::onAccepted, listener::listenFailed));
        }
    }

    /** Opens the election port; a failure is reported to the listener. */
    public void open() {
        loop.execute(() -> ports.forEach(ElectionPort::open));
    }

    /** The election addresses of every member of every configuration known, by sid. Links stay as they are. */
    public void updatePeers(Map<Long, List<HostPort>> peers) {
        loop.execute(() -> addresses.configure(peers));
    }

    /**
     * Sends to a peer, if there is a link; otherwise dials it. A newer message replaces one that has not left, and nothing
     * is kept or sent twice: when a link opens, the listener is told, and says what is true then.
     */
    public void send(long sid, Notification message) {
        PeerLink link = link(sid);
        if (link.offer(message)) {
            loop.execute(() -> flush(link));
        }
    }

    /** Dials once each of these that has no link. */
    public void dial(Collection<Long> sids) {
        List<Long> targets = List.copyOf(sids);
        loop.execute(() -> targets.forEach(sid -> ensureLink(link(sid))));
    }

    /** From now on, keep links to these. */
    public void seek(Collection<Long> sids) {
        Set<Long> targets = Set.copyOf(sids);
        loop.execute(() -> startSeeking(targets));
    }

    /** Repair nothing any more; the links there are stay. */
    public void rest() {
        loop.execute(this::stopSeeking);
    }

    /** Closes the port and all links; completes when the port can be opened by somebody else. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> closeAll(done));
        return done;
    }

    private PeerLink link(long sid) {
        return links.computeIfAbsent(sid, PeerLink::new);
    }

    private void flush(PeerLink link) {
        VoteConnection connection = link.connection();
        if (connection == null) {
            // Dropped now rather than when a link opens, so that the next message dials again.
            link.take();
            ensureLink(link);
        } else {
            link.redial().onSent(nanoClock.getAsLong());
            connection.pump(link::take);
        }
    }

    // ---- dialling

    private void ensureLink(PeerLink link) {
        if (link.connection() == null) {
            startDial(link, List.of());
        }
    }

    private void startDial(PeerLink link, List<HostPort> advertised) {
        if (closed || link.sid() == config.self() || !link.startDial()) {
            return;
        }
        List<HostPort> candidates = addresses.candidates(link.sid(), advertised, link.attempts() - 1);
        dialler.dial(link.sid(), candidates, link.attempts() - 1, channel -> onDialled(link, channel));
    }

    private void onDialled(PeerLink link, @Nullable Channel channel) {
        link.endDial();
        if (channel == null) {
            planRedial(link, link.redial().nextPauseNanos());
        } else if (closed) {
            channel.close();
        } else if (link.sid() > config.self()) {
            dialler.requestCallBack(channel);
            planRedial(
                    link, Math.max(RedialPolicy.CALL_BACK_NANOS, link.redial().nextPauseNanos()));
        } else {
            dialler.introduce(channel);
            register(link, channel);
        }
    }

    private void planRedial(PeerLink link, long pauseNanos) {
        if (link.connection() == null && wanted.contains(link.sid())) {
            link.planDial(loop.schedule(() -> ensureLink(link), pauseNanos, TimeUnit.NANOSECONDS));
        } else {
            forgetStranger(link);
        }
    }

    // ---- being called

    private void onAccepted(Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        security.protect(channel.pipeline(), Side.ACCEPTOR);
        channel.pipeline().addLast(new HandshakeDecoder(config.handshakeTimeoutMillis(), this::onHandshake));
        pendingHandshakes.add(channel);
        channel.closeFuture().addListener(gone -> pendingHandshakes.remove(channel));
        if (pendingHandshakes.size() > MeshConfig.MAX_PENDING_HANDSHAKES) {
            // The oldest has had the most time to speak; those that call now are more likely to be peers.
            pendingHandshakes.remove().close();
        }
    }

    private void onHandshake(Channel channel, VoteHandshake handshake) {
        pendingHandshakes.remove(channel);
        long sid = handshake.sid();
        if (closed || sid == config.self() || sid == VoteHandshake.ANONYMOUS_SID) {
            LOG.warn("Closing {}: it calls itself server {}", channel, sid);
            channel.close();
        } else if (!addresses.knows(sid) && strangers() >= MeshConfig.MAX_STRANGERS) {
            LOG.warn("Closing {}: server {} is unknown, as are {} others", channel, sid, MeshConfig.MAX_STRANGERS);
            channel.close();
        } else if (sid > config.self()) {
            register(link(sid), channel);
        } else {
            channel.close();
            callBack(link(sid), handshake.addresses());
        }
    }

    /** The peer has no link to us, or it would not have called: ours may be dead. */
    private void callBack(PeerLink link, List<HostPort> advertised) {
        VoteConnection existing = link.connection();
        if (existing != null) {
            if (existing.isActive() && existing.ageNanos(nanoClock.getAsLong()) < FRESH_NANOS) {
                return;
            }
            existing.close();
        }
        startDial(link, advertised);
    }

    private long strangers() {
        return links.keySet().stream().filter(sid -> !addresses.knows(sid)).count();
    }

    // ---- links

    private void register(PeerLink link, Channel channel) {
        VoteConnection connection = new VoteConnection(link.sid(), channel, nanoClock.getAsLong(), connectionOwner);
        channel.pipeline().addLast(new VoteFrameCodec(), connection);
        VoteConnection previous = link.connect(connection);
        if (previous != null) {
            previous.close();
        }
        if (channel.isActive()) {
            LOG.info("Election link to {}", connection);
            listener.connected(link.sid());
        } else {
            connectionOwner.onClosed(connection);
        }
    }

    /** A stranger that is gone leaves nothing behind, so that strangers cannot fill our memory. */
    private void forgetStranger(PeerLink link) {
        if (link.connection() == null && !link.isDialling() && !addresses.knows(link.sid())) {
            links.remove(link.sid(), link);
        }
    }

    private final class ConnectionEvents implements VoteConnection.Owner {
        @Override
        public void onMessage(VoteConnection connection, Notification message) {
            PeerLink link = link(connection.sid());
            // A connection that was replaced may still have bytes in its buffers; older words must not follow newer.
            if (link.connection() == connection) {
                link.redial().onReceived();
                listener.received(connection.sid(), message);
            }
        }

        @Override
        public void onClosed(VoteConnection connection) {
            PeerLink link = link(connection.sid());
            if (link.disconnect(connection)) {
                LOG.info("Election link to {} is gone", connection);
                listener.disconnected(connection.sid());
                if (!closed && !link.isDialling()) {
                    planRedial(link, link.redial().nextPauseNanos());
                }
            }
        }
    }

    // ---- seeking

    private void startSeeking(Set<Long> targets) {
        stopSeeking();
        if (closed) {
            return;
        }
        wanted = targets;
        for (long sid : targets) {
            PeerLink link = link(sid);
            link.redial().restart();
            ensureLink(link);
        }
        silenceCheck = loop.scheduleWithFixedDelay(
                this::replaceSilentLinks, SILENCE_CHECK_MILLIS, SILENCE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void stopSeeking() {
        wanted = Set.of();
        links.values().forEach(PeerLink::cancelDial);
        if (silenceCheck != null) {
            silenceCheck.cancel(false);
            silenceCheck = null;
        }
    }

    private void replaceSilentLinks() {
        long now = nanoClock.getAsLong();
        for (long sid : wanted) {
            PeerLink link = link(sid);
            if (link.connection() != null && link.redial().isSilent(now)) {
                LOG.info("No word from server {} since we wrote to it; replacing the link", sid);
                startDial(link, List.of());
            }
        }
    }

    private void closeAll(CompletableFuture<Void> done) {
        closed = true;
        stopSeeking();
        List.copyOf(pendingHandshakes).forEach(Channel::close);
        for (PeerLink link : links.values()) {
            VoteConnection connection = link.connection();
            if (connection != null) {
                connection.close();
            }
        }
        List<CompletableFuture<?>> closing = new ArrayList<>();
        for (ElectionPort port : ports) {
            ChannelFuture future = port.close();
            if (future != null) {
                CompletableFuture<Void> freed = new CompletableFuture<>();
                future.addListener(gone -> freed.complete(null));
                closing.add(freed);
            }
        }
        CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new)).thenRun(() -> done.complete(null));
    }
}
