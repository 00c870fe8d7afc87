/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated TCP connection: ordered, reliable while it lives, and dead at a moment nobody chooses.
 *
 * <pre>
 * open --close()--> closed here; the other end hears of it behind the messages under way
 * open --reset-->   closed at both ends; messages under way are lost
 * </pre>
 *
 * <p>Thread: the test's. Messages sent on a closed end vanish, as they do in a socket whose peer has gone.
 *
 * @param <M> what is sent; one object is one message, so framing is not simulated here
 */
public final class SimConnection<M> {
    /** What an end is told. */
    public interface Listener<M> {
        void onMessage(SimConnection<M> connection, M message);

        /** The connection is gone, by the other end's doing or the network's; not called after a close of one's own. */
        void onClosed(SimConnection<M> connection);
    }

    private final SimNetwork<M> network;
    private final String host;
    private final String peerHost;
    private @Nullable SimConnection<M> peer;
    private @Nullable Listener<M> listener;
    private boolean open = true;
    private long lastArrivalNanos;

    SimConnection(SimNetwork<M> network, String host, String peerHost) {
        this.network = network;
        this.host = host;
        this.peerHost = peerHost;
    }

    public String host() {
        return host;
    }

    public String peerHost() {
        return peerHost;
    }

    public boolean isOpen() {
        return open;
    }

    public void send(M message) {
        if (open) {
            network.carry(this, () -> deliver(message));
        }
    }

    public void close() {
        if (open) {
            network.carry(this, this::tellPeerClosed);
            open = false;
            network.forget(this);
        }
    }

    void join(SimConnection<M> other, Listener<M> ownListener) {
        this.peer = other;
        this.listener = ownListener;
    }

    SimConnection<M> peer() {
        if (peer == null) {
            throw new IllegalStateException("connection of " + host + " to " + peerHost + " was never joined");
        }
        return peer;
    }

    /** Each direction is a queue: nothing arrives before what was sent earlier. */
    long arrivalNanos(long earliestNanos) {
        lastArrivalNanos = Math.max(lastArrivalNanos, earliestNanos);
        return lastArrivalNanos;
    }

    /** Ends this side because of the network; the owner is told now. */
    void reset() {
        if (open) {
            open = false;
            network.forget(this);
            if (listener != null) {
                listener.onClosed(this);
            }
        }
    }

    /** Ends this side because its machine died; nobody is left to be told. */
    void die() {
        open = false;
        network.forget(this);
    }

    private void deliver(M message) {
        SimConnection<M> receiver = peer();
        if (receiver.open && receiver.listener != null) {
            receiver.listener.onMessage(receiver, message);
        } else if (open && !network.isSilent(receiver.host)) {
            // A machine that is up and knows nothing of this connection says so.
            network.carry(receiver, this::reset);
        }
    }

    private void tellPeerClosed() {
        peer().reset();
    }
}
