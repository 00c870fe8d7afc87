/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import java.util.List;
import java.util.Optional;

/**
 * A cluster as the one who breaks it sees it; implemented by each simulation.
 *
 * <p>Machines have names, those of the network. A call for a machine in a state where it makes no sense (a crash of one
 * that is down) does nothing, so faults may overlap. Thread: the test's.
 */
public interface SimFaults {
    /** The machines that hold state, by name, in a fixed order. */
    List<String> servers();

    /** The machines that faults of links reach besides the servers, in a fixed order. */
    List<String> clients();

    boolean isUp(String server);

    /** The one that leads the others, if there is one; faults that strike it are worth more than others. */
    Optional<String> leader();

    // ---- Links

    /** Silence in one direction; what is sent waits. */
    void cutOneWay(String from, String to);

    /** Breaks the connections that two machines have; both ends see it. */
    void reset(String one, String other);

    /** Makes everything between two machines take so much longer, in both directions. */
    void slow(String one, String other, long extraNanos);

    /** Ends cuts and delays between two machines. */
    void heal(String one, String other);

    // ---- Processes

    /** Kills the process; the disk keeps every write, synced or not. */
    void crash(String server);

    /** Kills the machine; its disk may lose what was not synced, its peers are not told. */
    void losePower(String server, Loss loss);

    void restart(String server);

    /** SIGSTOP: the process stands still, its connections stay open, its disk and network do not care. */
    void pause(String server);

    /** SIGCONT. */
    void resume(String server);

    // ---- Clocks and disks

    /** Moves the wall clock of a machine; negative is backwards. */
    void jumpClock(String server, long nanos);

    /** Makes each sync take so much longer; 0 is the normal day again. */
    void slowDisk(String server, long extraNanos);

    /** Behind so many operations more nothing can be written, while everything can be read; the process does not end by itself. */
    void failDisk(String server, int operations);

    /** Ends {@link #failDisk}. */
    void mendDisk(String server);

    /** Damages a sector that was written and synced; noticed, if ever, at the next restart. */
    void corruptSector(String server);

    /** Takes everything away that the disk of a server that is down has, but its word to others; noticed at the next start. */
    void loseHistory(String server);

    /** What a disk loses of the writes that were not synced. */
    enum Loss {
        /** All behind some point, the last of the rest perhaps torn. */
        TAIL,
        /** Any sectors of any of them. */
        SECTORS
    }
}
