/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import io.vivarium.testkit.fault.SimFaults.Loss;
import java.util.List;

/**
 * One thing that goes wrong, and how it is put right again.
 *
 * <p>A value: it prints itself, and striking it twice with the same cluster does the same twice. Those without anything to
 * put right heal by doing nothing.
 */
public sealed interface Fault {
    void strike(SimFaults world);

    default void heal(SimFaults world) {}

    /** The name of its kind, for counts. */
    default FaultKind kind() {
        return FaultKind.of(this);
    }

    /** Nothing passes between two machines. */
    record CutLink(String one, String other) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.cutOneWay(one, other);
            world.cutOneWay(other, one);
        }

        @Override
        public void heal(SimFaults world) {
            world.heal(one, other);
        }
    }

    /** One machine is not heard by another, which it hears. */
    record CutOneWay(String from, String to) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.cutOneWay(from, to);
        }

        @Override
        public void heal(SimFaults world) {
            world.heal(from, to);
        }
    }

    /** Nothing passes between machines of different groups. */
    record Partition(List<List<String>> groups) implements Fault {
        @Override
        public void strike(SimFaults world) {
            forEachPair((one, other) -> {
                world.cutOneWay(one, other);
                world.cutOneWay(other, one);
            });
        }

        @Override
        public void heal(SimFaults world) {
            forEachPair(world::heal);
        }

        private void forEachPair(Pairs pairs) {
            for (int i = 0; i < groups.size(); i++) {
                for (int j = i + 1; j < groups.size(); j++) {
                    for (String one : groups.get(i)) {
                        groups.get(j).forEach(other -> pairs.take(one, other));
                    }
                }
            }
        }

        private interface Pairs {
            void take(String one, String other);
        }
    }

    /** The connections between two machines break; new ones may be made at once. */
    record ResetLink(String one, String other) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.reset(one, other);
        }
    }

    /** Everything between two machines takes longer. */
    record SlowLink(String one, String other, long extraNanos) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.slow(one, other, extraNanos);
        }

        @Override
        public void heal(SimFaults world) {
            world.heal(one, other);
        }
    }

    /** The process dies and is started again. */
    record Crash(String server) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.crash(server);
        }

        @Override
        public void heal(SimFaults world) {
            world.restart(server);
        }
    }

    /** Several processes die at one moment and are started again together. */
    record CrashTogether(List<String> servers) implements Fault {
        @Override
        public void strike(SimFaults world) {
            servers.forEach(world::crash);
        }

        @Override
        public void heal(SimFaults world) {
            servers.forEach(world::restart);
        }
    }

    /** The machines lose power at one moment, and what they had not synced; then they come back. */
    record PowerLoss(List<String> servers, Loss loss) implements Fault {
        @Override
        public void strike(SimFaults world) {
            servers.forEach(server -> world.losePower(server, loss));
        }

        @Override
        public void heal(SimFaults world) {
            servers.forEach(world::restart);
        }
    }

    /** The process is stopped for a while and does not know it. */
    record Pause(String server) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.pause(server);
        }

        @Override
        public void heal(SimFaults world) {
            world.resume(server);
        }
    }

    /** The wall clock jumps, and jumps back. */
    record ClockJump(String server, long nanos) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.jumpClock(server, nanos);
        }

        @Override
        public void heal(SimFaults world) {
            world.jumpClock(server, -nanos);
        }
    }

    /** Each sync takes longer. */
    record SlowDisk(String server, long extraNanos) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.slowDisk(server, extraNanos);
        }

        @Override
        public void heal(SimFaults world) {
            world.slowDisk(server, 0);
        }
    }

    /** The disk refuses whatever is to be written, behind so many operations more: full, or mounted for reading only. */
    record FailingDisk(String server, int operations) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.failDisk(server, operations);
        }

        @Override
        public void heal(SimFaults world) {
            world.mendDisk(server);
        }
    }

    /** The process dies, and when it is started again a sector of its disk has gone bad. */
    record CorruptSector(String server) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.crash(server);
            world.corruptSector(server);
        }

        @Override
        public void heal(SimFaults world) {
            world.restart(server);
        }
    }

    /** The process dies, and when it is started again its history has gone. */
    record LoseHistory(String server) implements Fault {
        @Override
        public void strike(SimFaults world) {
            world.crash(server);
            world.loseHistory(server);
        }

        @Override
        public void heal(SimFaults world) {
            world.restart(server);
        }
    }
}
