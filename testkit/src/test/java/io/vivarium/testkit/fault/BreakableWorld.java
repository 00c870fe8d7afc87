/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Three servers and two clients that only remember what is wrong with them. */
final class BreakableWorld implements SimFaults {
    private final Set<String> ailments = new TreeSet<>();

    Set<String> ailments() {
        return ailments;
    }

    @Override
    public List<String> servers() {
        return List.of("s1", "s2", "s3");
    }

    @Override
    public List<String> clients() {
        return List.of("c1", "c2");
    }

    @Override
    public boolean isUp(String server) {
        return !ailments.contains("down " + server);
    }

    @Override
    public Optional<String> leader() {
        return Optional.of("s3");
    }

    @Override
    public void cutOneWay(String from, String to) {
        ailments.add("cut " + from + ">" + to);
    }

    @Override
    public void reset(String one, String other) {
        // Over as soon as it has happened.
    }

    @Override
    public void slow(String one, String other, long extraNanos) {
        ailments.add("slow " + one + ">" + other);
    }

    @Override
    public void heal(String one, String other) {
        List.of("cut ", "slow ").forEach(what -> {
            ailments.remove(what + one + ">" + other);
            ailments.remove(what + other + ">" + one);
        });
    }

    @Override
    public void crash(String server) {
        ailments.add("down " + server);
    }

    @Override
    public void losePower(String server, Loss loss) {
        ailments.add("down " + server);
    }

    @Override
    public void restart(String server) {
        ailments.remove("down " + server);
    }

    @Override
    public void pause(String server) {
        ailments.add("paused " + server);
    }

    @Override
    public void resume(String server) {
        ailments.remove("paused " + server);
    }

    @Override
    public void jumpClock(String server, long nanos) {
        // What was added is taken away by the healing; the sum is tested where there is a clock.
    }

    @Override
    public void slowDisk(String server, long extraNanos) {
        if (extraNanos == 0) {
            ailments.remove("slow disk " + server);
        } else {
            ailments.add("slow disk " + server);
        }
    }

    @Override
    public void failDisk(String server, int operations) {
        ailments.add("failing disk " + server);
    }

    @Override
    public void mendDisk(String server) {
        ailments.remove("failing disk " + server);
    }

    @Override
    public void corruptSector(String server) {
        // Damage stays; it is for the server to cope with.
    }

    @Override
    public void loseHistory(String server) {
        // As above.
    }
}
