/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network of machines with listeners and connections, on virtual time.
 *
 * <p>Faults, which combine freely:
 *
 * <ul>
 *   <li>{@link #cut} two machines, in silence: dials time out, messages wait as in TCP's retransmission and arrive after
 *       {@link #heal}, if their connection still lives then;
 *   <li>{@link #reset} the connections of two machines: what is under way is lost;
 *   <li>{@link #crash} a machine: its ends are gone and its listeners too; the peers see their ends close, after
 *       what was under way;
 *   <li>{@link #vanish}: like a crash without a sound, as by loss of power: the peers learn nothing until they write to
 *       the machine and it is back.
 * </ul>
 *
 * <p>Thread: the test's.
 *
 * @param <M> what connections carry
 */
public final class SimNetwork<M> {
    /** Takes the connections to an address. */
    public interface Acceptor<M> {
        /** A connection has come in; the listener returned hears of it from now on. */
        SimConnection.Listener<M> onAccepted(SimConnection<M> connection);
    }

    /** Hears what became of a dial. */
    public interface Dialler<M> extends SimConnection.Listener<M> {
        void onConnected(SimConnection<M> connection);

        /** Refused, or no answer within the timeout. */
        void onRefused();
    }

    private final EventScheduler scheduler;
    private final RandomGenerator random;
    private final LinkProfile profile;
    private final Map<SimAddress, Acceptor<M>> acceptors = new HashMap<>();
    private final Set<SimConnection<M>> open = new LinkedHashSet<>();
    private final Set<Set<String>> cuts = new HashSet<>();
    /** Machines that vanished and did not come back. */
    private final Set<String> silent = new HashSet<>();

    /** What waits for cuts to heal. */
    private final List<Runnable> held = new ArrayList<>();

    public SimNetwork(EventScheduler scheduler, RandomGenerator random, LinkProfile profile) {
        this.scheduler = scheduler;
        this.random = random;
        this.profile = profile;
    }

    /** Takes calls from now on; a machine that had vanished is back with this. */
    public void listen(SimAddress address, Acceptor<M> acceptor) {
        silent.remove(address.host());
        if (acceptors.putIfAbsent(address, acceptor) != null) {
            throw new IllegalStateException("somebody listens on " + address + " already");
        }
    }

    public void unlisten(SimAddress address) {
        acceptors.remove(address);
    }

    /** Dials; the answer comes later, as an event. */
    public void connect(String fromHost, SimAddress to, Dialler<M> dialler) {
        if (isCut(fromHost, to.host()) || isSilent(to.host())) {
            scheduler.after(profile.connectTimeoutNanos(), dialler::onRefused);
            return;
        }
        scheduler.after(delayNanos(), () -> {
            Acceptor<M> acceptor = acceptors.get(to);
            if (isCut(fromHost, to.host()) || isSilent(to.host())) {
                scheduler.after(profile.connectTimeoutNanos(), dialler::onRefused);
            } else if (acceptor == null) {
                dialler.onRefused();
            } else {
                join(fromHost, to.host(), dialler, acceptor);
            }
        });
    }

    /** Silence between two machines, in both directions. */
    public void cut(String one, String other) {
        if (!one.equals(other)) {
            cuts.add(Set.of(one, other));
        }
    }

    /** Silence between every machine of one side and every machine of the other. */
    public void partition(Set<String> side, Set<String> otherSide) {
        side.forEach(one -> otherSide.forEach(other -> cut(one, other)));
    }

    public boolean isCut(String one, String other) {
        return !one.equals(other) && cuts.contains(Set.of(one, other));
    }

    /** Ends all cuts; what waited is under way again, in its order. */
    public void heal() {
        cuts.clear();
        List<Runnable> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    /** Breaks every connection between two machines; both ends see it. */
    public void reset(String one, String other) {
        for (SimConnection<M> end : connectionsOf(one)) {
            if (end.peerHost().equals(other)) {
                SimConnection<M> peer = end.peer();
                end.reset();
                peer.reset();
            }
        }
    }

    /** The machine dies and its peers notice, as when a process is killed. */
    public void crash(String host) {
        for (SimConnection<M> end : dropAll(host)) {
            carry(end, end.peer()::reset);
        }
    }

    /** The machine dies and nobody is told, until it listens again and denies all knowledge of what was. */
    public void vanish(String host) {
        silent.add(host);
        dropAll(host);
    }

    boolean isSilent(String host) {
        return silent.contains(host);
    }

    private List<SimConnection<M>> dropAll(String host) {
        acceptors.keySet().removeIf(address -> address.host().equals(host));
        List<SimConnection<M>> ends = connectionsOf(host);
        ends.forEach(SimConnection::die);
        return ends;
    }

    /** The open ends on a machine, oldest first. */
    public List<SimConnection<M>> connectionsOf(String host) {
        return open.stream().filter(end -> end.host().equals(host)).toList();
    }

    /** Brings something from one end to the other: later, in order, and not through a cut. */
    void carry(SimConnection<M> from, Runnable arrival) {
        if (isCut(from.host(), from.peerHost())) {
            held.add(() -> carry(from, arrival));
            return;
        }
        scheduler.at(from.arrivalNanos(scheduler.nowNanos() + delayNanos()), arrival);
    }

    void forget(SimConnection<M> end) {
        open.remove(end);
    }

    private void join(String fromHost, String toHost, Dialler<M> dialler, Acceptor<M> acceptor) {
        SimConnection<M> near = new SimConnection<>(this, fromHost, toHost);
        SimConnection<M> far = new SimConnection<>(this, toHost, fromHost);
        open.add(near);
        open.add(far);
        near.join(far, dialler);
        SimConnection.@Nullable Listener<M> accepted = acceptor.onAccepted(far);
        far.join(near, accepted);
        dialler.onConnected(near);
    }

    private long delayNanos() {
        return profile.minDelayNanos() == profile.maxDelayNanos()
                ? profile.minDelayNanos()
                : random.nextLong(profile.minDelayNanos(), profile.maxDelayNanos());
    }
}
