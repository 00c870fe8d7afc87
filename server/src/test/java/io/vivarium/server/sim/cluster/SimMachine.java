/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.testkit.fault.SimFaults;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.VirtualTime;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What outlives a process: a name, a disk, a wall clock that may be wrong. Thread: the test's. */
final class SimMachine {
    static final int QUORUM_PORT = 2888;
    static final int ELECTION_PORT = 3888;
    static final int CLIENT_PORT = 2181;

    private static final Path DATA = Path.of("/data");
    private static final Path LOGS = Path.of("/logs");

    final long sid;
    final String host;
    /** Every other machine has its logs apart. */
    final DataDirectories directories;

    final RandomGenerator dice;
    private final VirtualTime time;

    /** What its tree was made of last. */
    final KnownTxns known = new KnownTxns();

    SimDisk disk = new SimDisk();
    /** The process that runs, or the last one. */
    @Nullable
    SimMember member;

    /** The power is about to go, or has gone: what the disk loses then. */
    SimFaults.@Nullable Loss loss;

    long wallOffsetNanos;
    long slowDiskNanos;
    /** Its disk may fail for a while: that ends roles, and no process. */
    boolean diskMayFail;
    /** What its operator wrote into its file about the members; null is what all others have. */
    @Nullable
    Ensemble ownEnsemble;
    /** Sits in all of its lives from the next one on; null is whatever the run has planted. */
    @Nullable
    Saboteur saboteur;
    /** It has no history, or a damaged one, and no leader has given it one yet: a new server counts as little as a robbed one. */
    boolean damaged = true;

    SimMachine(long sid, VirtualTime time, RandomGenerator dice) {
        this.sid = sid;
        this.host = hostOf(sid);
        this.directories = DataDirectories.of(DATA, sid % 2 == 0 ? LOGS : DATA);
        this.time = time;
        this.dice = dice;
    }

    static String hostOf(long sid) {
        return "zoo" + sid;
    }

    static SimAddress address(long sid, int port) {
        return new SimAddress(hostOf(sid), port);
    }

    /** The files of both directories. */
    List<Path> files() {
        return Stream.of(directories.snapshots(), directories.logs())
                .distinct()
                .flatMap(directory -> disk.list(directory).stream().map(directory::resolve))
                .toList();
    }

    InstantSource wallClock() {
        return () -> time.instant().plusNanos(wallOffsetNanos);
    }

    long wallMillis() {
        return time.instant().toEpochMilli() + wallOffsetNanos / 1_000_000;
    }

    boolean isUp() {
        return member != null && member.isAlive();
    }
}
