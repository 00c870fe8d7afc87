/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vivarium.election.core.ElectionConfig;
import io.vivarium.election.core.ElectionCore;
import io.vivarium.election.core.ElectionEffects;
import io.vivarium.election.core.ElectionEvent;
import io.vivarium.election.core.Vote;
import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.ServerAddress;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A core and a mesh put together as a server does it: one thread owns the core, the mesh talks to it by messages. For
 * tests with real sockets.
 */
final class LiveVoter implements MeshListener, ElectionEffects, AutoCloseable {
    /** A result of an election. */
    record Result(PeerState state, Vote vote) {}

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ScheduledExecutorService core = Executors.newSingleThreadScheduledExecutor();
    private final SystemNameLookup lookup = new SystemNameLookup();
    private final AtomicReference<@Nullable Result> result = new AtomicReference<>();
    private final AtomicReference<@Nullable ListenFailure> failure = new AtomicReference<>();
    private final ElectionCore election;
    private final VoteMesh mesh;
    private @Nullable ScheduledFuture<?> wakeUp;

    LiveVoter(long self, Ensemble ensemble) {
        this(config(self, ensemble), ensemble);
    }

    LiveVoter(MeshConfig config, Ensemble ensemble) {
        EventLoop loop = group.next();
        election = new ElectionCore(ElectionConfig.DEFAULT, config.self(), VotingView.of(ensemble), 0, 0);
        mesh = new VoteMesh(config, loop, System::nanoTime, lookup, LinkSecurity.PLAIN, this);
        mesh.updatePeers(addressesOf(ensemble));
        mesh.open();
    }

    static MeshConfig config(long self, Ensemble ensemble) {
        return MeshConfig.of(self, ensemble.member(self).orElseThrow().address().election());
    }

    private static Map<Long, List<HostPort>> addressesOf(Ensemble ensemble) {
        Map<Long, List<HostPort>> addresses = new HashMap<>();
        for (Member member : ensemble.members().values()) {
            addresses.put(
                    member.sid(),
                    member.addresses().stream().map(ServerAddress::election).toList());
        }
        return addresses;
    }

    void look(long lastZxid, long currentEpoch) {
        result.set(null);
        deliver(new ElectionEvent.Looking(lastZxid, currentEpoch));
    }

    @Nullable
    Result result() {
        return result.get();
    }

    @Nullable
    ListenFailure failure() {
        return failure.get();
    }

    @Override
    public void connected(long sid) {
        deliver(new ElectionEvent.PeerConnected(sid));
    }

    @Override
    public void disconnected(long sid) {
        deliver(new ElectionEvent.PeerDisconnected(sid));
    }

    @Override
    public void received(long sid, Notification message) {
        deliver(new ElectionEvent.Notified(sid, message));
    }

    @Override
    public void listenFailed(ListenFailure reason) {
        failure.set(reason);
    }

    @Override
    public void send(long sid, Notification message) {
        mesh.send(sid, message);
    }

    @Override
    public void seek(SortedSet<Long> sids) {
        mesh.seek(sids);
    }

    @Override
    public void rest() {
        mesh.rest();
    }

    @Override
    public void dial(SortedSet<Long> sids) {
        mesh.dial(sids);
    }

    @Override
    public void elected(PeerState state, Vote vote, SortedSet<Long> supporters) {
        result.set(new Result(state, vote));
    }

    @Override
    public void lookingVoter(long sid, long round) {
        // The quorum layer would want to know.
    }

    @Override
    public void adoptConfig(Ensemble config) {
        throw new AssertionError("reconfiguration is off");
    }

    @Override
    public void badConfig(long sid, String reason) {
        throw new AssertionError(sid + " sent a configuration that we cannot read: " + reason);
    }

    @Override
    public void close() {
        mesh.close().toCompletableFuture().join();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        core.shutdownNow();
        lookup.close();
    }

    private void deliver(ElectionEvent event) {
        if (!core.isShutdown()) {
            core.execute(() -> step(event));
        }
    }

    private void step(ElectionEvent event) {
        election.step(event, System.nanoTime()).forEach(action -> action.perform(this));
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        if (election.deadlineNanos() != ElectionCore.NEVER) {
            wakeUp = core.schedule(
                    () -> step(new ElectionEvent.DeadlineReached()),
                    Math.max(0, election.deadlineNanos() - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
        }
    }
}
