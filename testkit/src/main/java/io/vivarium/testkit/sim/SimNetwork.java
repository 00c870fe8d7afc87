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
 *   <li>{@link #cutOneWay}: the same in one direction, and {@link #slow}: everything takes longer;
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
    private final Cables cables = new Cables();
    /** Machines that vanished and did not come back. */
    private final Set<String> silent = new HashSet<>();

    /** What waits for cuts to heal, in the order in which it was sent. */
    private final List<Held> held = new ArrayList<>();

    private record Held(String from, String to, Runnable again) {}

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
        if (isUnreachable(fromHost, to.host())) {
            scheduler.after(profile.connectTimeoutNanos(), dialler::onRefused);
            return;
        }
        scheduler.after(delayNanos(fromHost, to.host()), () -> {
            Acceptor<M> acceptor = acceptors.get(to);
            if (isUnreachable(fromHost, to.host())) {
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
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Silence in one direction; the other machine is still heard. */
    public void cutOneWay(String from, String to) {
        if (!from.equals(to)) {
            cables.cut(from, to);
        }
    }

    /** Silence between every machine of one side and every machine of the other. */
    public void partition(Set<String> side, Set<String> otherSide) {
        side.forEach(one -> otherSide.forEach(other -> cut(one, other)));
    }

    /** Whether a machine cannot make itself heard by another. */
    public boolean isCut(String from, String to) {
        return cables.isCut(from, to);
    }

    /** Makes everything between two machines take so much longer, in both directions; 0 is the normal day again. */
    public void slow(String one, String other, long extraNanos) {
        cables.slow(one, other, extraNanos);
        cables.slow(other, one, extraNanos);
    }

    /** Ends all cuts and delays; what waited is under way again, in its order. */
    public void heal() {
        cables.mendAll();
        resume();
    }

    /** Ends the cuts and delays between two machines, in both directions. */
    public void heal(String one, String other) {
        cables.mend(one, other);
        cables.mend(other, one);
        resume();
    }

    private void resume() {
        List<Held> waiting = List.copyOf(held);
        held.clear();
        for (Held one : waiting) {
            if (isCut(one.from(), one.to())) {
                held.add(one);
            } else {
                one.again().run();
            }
        }
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
            held.add(new Held(from.host(), from.peerHost(), () -> carry(from, arrival)));
            return;
        }
        long delayNanos = delayNanos(from.host(), from.peerHost());
        scheduler.at(from.arrivalNanos(scheduler.nowNanos() + delayNanos), arrival);
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

    /** A dial needs both directions. */
    private boolean isUnreachable(String from, String to) {
        return isCut(from, to) || isCut(to, from) || isSilent(to);
    }

    private long delayNanos(String from, String to) {
        long usual = profile.minDelayNanos() == profile.maxDelayNanos()
                ? profile.minDelayNanos()
                : random.nextLong(profile.minDelayNanos(), profile.maxDelayNanos());
        return usual + cables.extraNanos(from, to);
    }
}
