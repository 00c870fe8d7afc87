/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One connection: in order in both directions, with delays; it breaks for good and each end hears of it in its time. */
final class SimLink {
    /** A packet, with the image that stands behind it in the stream. */
    record Wire(QuorumPacket packet, SimStore.@Nullable Image image) {}

    interface End {
        void onWire(SimLink link, Wire wire);

        void onBroken(SimLink link);
    }

    final long id;
    final SimNode learner;
    final SimNode leader;
    private final SimWorld world;
    private final ArrayDeque<Wire> toLearner = new ArrayDeque<>();
    private long learnerNextAt;
    private long leaderNextAt;
    private boolean dead;
    private boolean learnerPaused;
    private boolean history;
    private final ArrayDeque<Wire> behindHistory = new ArrayDeque<>();

    SimLink(SimWorld world, long id, SimNode learner, SimNode leader) {
        this.world = world;
        this.id = id;
        this.learner = learner;
        this.leader = leader;
    }

    boolean isDead() {
        return dead;
    }

    void sendToLearner(Wire wire) {
        if (history) {
            behindHistory.addLast(wire);
        } else {
            transmit(wire);
        }
    }

    private void transmit(Wire wire) {
        learnerNextAt = Math.max(learnerNextAt, world.nowNanos() / 1_000 + world.between(100, 3_000));
        world.after(learnerNextAt - world.nowNanos() / 1_000, () -> {
            toLearner.addLast(wire);
            drain();
        });
    }

    private void drain() {
        while (!dead && !learnerPaused && !toLearner.isEmpty()) {
            learner.onWire(this, toLearner.removeFirst());
        }
    }

    void pauseLearner() {
        learnerPaused = true;
    }

    void resumeLearner() {
        learnerPaused = false;
        drain();
    }

    void beginHistory() {
        history = true;
    }

    void transmitHistory(Wire wire) {
        transmit(wire);
    }

    void endHistory() {
        history = false;
        while (!behindHistory.isEmpty()) {
            transmit(behindHistory.removeFirst());
        }
    }

    void sendToLeader(QuorumPacket packet) {
        leaderNextAt = Math.max(leaderNextAt, world.nowNanos() / 1_000 + world.between(100, 3_000));
        world.after(leaderNextAt - world.nowNanos() / 1_000, () -> {
            if (!dead) {
                leader.onWire(this, new Wire(packet, null));
            }
        });
    }

    /** Nothing passes any more; nobody is told (a partition). */
    void blackhole() {
        dead = true;
    }

    /** Broken by one side or by a fault: both ends hear of it, each after a while. */
    void breakOff() {
        dead = true;
        world.after(world.between(100, 5_000), () -> learner.onBroken(this));
        world.after(world.between(100, 5_000), () -> leader.onBroken(this));
    }
}
