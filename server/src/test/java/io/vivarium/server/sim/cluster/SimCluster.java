/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.journal.SegmentReader;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.server.sim.check.Checks;
import io.vivarium.server.sim.check.SyncPromise;
import io.vivarium.server.sim.client.ClientConfig;
import io.vivarium.server.sim.client.ClientFrame;
import io.vivarium.server.sim.client.ServerEnd;
import io.vivarium.server.sim.client.SimClient;
import io.vivarium.testkit.fault.SimFaults;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.LinkProfile;
import io.vivarium.testkit.sim.Seeds;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.SimNetwork;
import io.vivarium.testkit.sim.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Machines with servers on them, clients, and everything that can go wrong between.
 *
 * <p>A process that is killed dies mostly between two actions of its own, not between two events; a machine that loses power
 * mostly in the middle of what its disk does. Thread: the test's.
 */
final class SimCluster implements SimFaults {
    private static final int MAX_ACTIONS_LEFT = 12;
    private static final int MAX_DISK_OPERATIONS_LEFT = 12;
    private static final Pattern IS_NUMBER = Pattern.compile("^[0-9]+($|\\R)");
    private static final int SECTOR_BYTES = 512;
    private static final long HEALED_PAUSE_NANOS = 1_000_000;

    private static final long RESTART_PAUSE_NANOS = 1_000_000_000;
    private static final int REMEMBERED_IMAGES = 64;

    final ClusterConfig config;
    /** Planted in every server. */
    final Bug bug;

    final Ensemble ensemble;
    final EventScheduler scheduler;
    final Checks checks;
    final SimNetwork<PeerFrame> peers;
    private final SimNetwork<ClientFrame> lines;
    private final RandomGenerator dice;
    private final Map<String, SimMachine> machines = new LinkedHashMap<>();
    private final List<SimClient> clients = new ArrayList<>();
    private boolean healed;
    private final Map<Long, KnownTxns> images = new LinkedHashMap<>();
    private long reigns;
    /** Machines that lose power together lose it in the same manner. */
    private long powerLossAtNanos = -1;

    private boolean powerGoesAtOnce;

    SimCluster(long seed, ClusterConfig config) {
        this(seed, config, Bug.NONE);
    }

    SimCluster(long seed, ClusterConfig config, Bug bug) {
        this.config = config;
        this.bug = bug;
        this.ensemble = config.ensemble();
        this.dice = Seeds.random(seed);
        VirtualTime time = new VirtualTime();
        this.scheduler = new EventScheduler(time, () -> {});
        this.checks = new Checks(seed, scheduler::nowNanos, MemberTree.RULES, SyncPromise.WITHIN_AN_EPOCH);
        this.peers = new SimNetwork<>(scheduler, Seeds.fork(dice), LinkProfile.LAN);
        this.lines = new SimNetwork<>(scheduler, Seeds.fork(dice), LinkProfile.LAN);
        List<SimAddress> doors = new ArrayList<>();
        for (long sid = 1; sid <= config.servers(); sid++) {
            SimMachine machine = new SimMachine(sid, time, Seeds.fork(dice));
            machines.put(machine.host, machine);
            doors.add(SimMachine.address(sid, SimMachine.CLIENT_PORT));
        }
        for (int id = 1; id <= config.clients(); id++) {
            clients.add(new SimClient(id, scheduler, lines, doors, Seeds.fork(dice), ClientConfig.USUAL, checks));
        }
    }

    // ---- For runs and stories ---------------------------------------------------------------------------------

    /** Starts every server. */
    void startServers() {
        machines.keySet().forEach(this::restart);
    }

    void startClients() {
        clients.forEach(SimClient::start);
    }

    List<SimClient> simClients() {
        return clients;
    }

    SimMachine machine(long sid) {
        return required(SimMachine.hostOf(sid));
    }

    List<SimMachine> machines() {
        return List.copyOf(machines.values());
    }

    /** The one that leads with a quorum behind it; of two, which is possible for a while, the newer. */
    @Nullable
    SimMachine leading() {
        SimMachine found = null;
        long epoch = -1;
        for (SimMachine machine : machines.values()) {
            SimMember member = machine.member;
            if (member != null && member.leadsForReal() && member.currentEpoch() > epoch) {
                found = machine;
                epoch = member.currentEpoch();
            }
        }
        return found;
    }

    /** Whether a client has a connection to this server. */
    boolean isClientAt(int client, SimMachine machine) {
        return clients.get(client - 1).isConnected()
                && lines.connectionsOf(SimClient.hostOf(client)).stream()
                        .anyMatch(end -> end.peerHost().equals(machine.host));
    }

    /** How often a server came to lead with a quorum behind it. */
    long reigns() {
        return reigns;
    }

    void ledBy(SimMachine machine) {
        reigns++;
    }

    /** Leaves in order, as SIGTERM asks for. */
    void stop(String server) {
        SimMember member = required(server).member;
        if (member != null) {
            member.stop();
        }
    }

    /** Somebody has emptied the disk of a server that is down. */
    void wipe(String server) {
        SimMachine machine = required(server);
        if (!machine.isUp()) {
            machine.disk = new SimDisk();
            machine.damaged = true;
            checks.nodes().wiped(machine.sid);
        }
    }

    /** Logs and snapshots are gone, the epoch files are not. What {@link #corruptSector} says of voters holds here, too. */
    @Override
    public void loseHistory(String server) {
        SimMachine machine = required(server);
        kill(machine);
        loseUnsynced(machine);
        machine.disk.worksAgain();
        if (!mayLoseItsDisk(machine)) {
            return;
        }
        try {
            for (Path file : machine.files()) {
                if (!file.toString().endsWith("Epoch")) {
                    machine.disk.delete(file);
                }
            }
            machine.disk.syncDirectory(machine.directories.snapshots());
            machine.disk.syncDirectory(machine.directories.logs());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        machine.damaged = true;
        checks.story().step("has no history:", machine.host);
    }

    /** Nothing can be written any more at this server, neither log nor snapshot nor epoch; the process lives on. */
    void failDisk(SimMachine machine) {
        failDisk(machine.host, 0);
    }

    /** Everything is put right: no cut, no delay, every server runs and knows the time. */
    void healAll() {
        healed = true;
        peers.heal();
        lines.heal();
        for (SimMachine machine : machines.values()) {
            machine.slowDiskNanos = 0;
            machine.disk.worksAgain();
            resume(machine.host);
            restart(machine.host);
        }
    }

    /** How long a history that leaves may pause between two pieces. */
    long maxHistoryPauseNanos() {
        return healed ? HEALED_PAUSE_NANOS : config.maxImagePauseMillis() * 1_000_000L;
    }

    void imageMade(long zxid, KnownTxns history) {
        KnownTxns copy = new KnownTxns();
        copy.replaceBy(history);
        images.put(zxid, copy);
        if (images.size() > REMEMBERED_IMAGES) {
            images.remove(images.keySet().iterator().next());
        }
    }

    KnownTxns historyOfImage(long zxid) {
        return images.getOrDefault(zxid, new KnownTxns());
    }

    private SimMachine required(String server) {
        SimMachine machine = machines.get(server);
        if (machine == null) {
            throw new IllegalArgumentException("no server " + server);
        }
        return machine;
    }

    // ---- Faults -----------------------------------------------------------------------------------------------

    @Override
    public List<String> servers() {
        return List.copyOf(machines.keySet());
    }

    @Override
    public List<String> clients() {
        return clients.stream().map(SimClient::host).toList();
    }

    @Override
    public boolean isUp(String server) {
        return required(server).isUp();
    }

    @Override
    public Optional<String> leader() {
        return Optional.ofNullable(leading()).map(machine -> machine.host);
    }

    @Override
    public void cutOneWay(String from, String to) {
        peers.cutOneWay(from, to);
        lines.cutOneWay(from, to);
    }

    @Override
    public void reset(String one, String other) {
        peers.reset(one, other);
        lines.reset(one, other);
    }

    @Override
    public void slow(String one, String other, long extraNanos) {
        peers.slow(one, other, extraNanos);
        lines.slow(one, other, extraNanos);
    }

    @Override
    public void heal(String one, String other) {
        peers.heal(one, other);
        lines.heal(one, other);
    }

    @Override
    public void crash(String server) {
        SimMachine machine = required(server);
        SimMember member = machine.member;
        if (member == null || !member.isAlive()) {
            return;
        }
        if (!member.process.isPaused() && dice.nextInt(4) != 0) {
            member.process.dieAfter(dice.nextInt(MAX_ACTIONS_LEFT));
        } else {
            kill(machine);
        }
    }

    /** The process is gone, and its peers see their connections close. */
    void kill(SimMachine machine) {
        SimMember member = machine.member;
        if (member != null && member.isAlive()) {
            member.process.die();
            gone(machine);
        }
    }

    private void gone(SimMachine machine) {
        checks.story().step("died:", machine.host);
        peers.crash(machine.host);
        lines.crash(machine.host);
    }

    @Override
    public void losePower(String server, Loss loss) {
        SimMachine machine = required(server);
        SimMember member = machine.member;
        machine.loss = loss;
        if (member == null || !member.isAlive()) {
            loseUnsynced(machine);
            return;
        }
        if (powerLossAtNanos != scheduler.nowNanos()) {
            powerLossAtNanos = scheduler.nowNanos();
            powerGoesAtOnce = dice.nextBoolean();
        }
        if (!member.process.isPaused() && !powerGoesAtOnce) {
            machine.disk.powerFailsAfter(dice.nextInt(MAX_DISK_OPERATIONS_LEFT));
            scheduler.after(dice.nextLong(50_000_000), () -> powerGone(machine, member));
        } else {
            powerGone(machine, member);
        }
    }

    private void powerGone(SimMachine machine, SimMember member) {
        if (machine.member == member && machine.loss != null) {
            member.process.die();
            peers.vanish(machine.host);
            lines.vanish(machine.host);
            checks.story().step("no power:", machine.host);
            loseUnsynced(machine);
        }
    }

    private void loseUnsynced(SimMachine machine) {
        Loss loss = machine.loss;
        if (loss != null) {
            machine.loss = null;
            machine.disk.crash(machine.dice, loss == Loss.TAIL ? SimDisk.Loss.TAIL : SimDisk.Loss.SECTORS);
        }
    }

    /** A process that was to die by itself, and found no occasion yet, dies now. */
    @Override
    public void restart(String server) {
        SimMachine machine = required(server);
        SimMember member = machine.member;
        if (member != null && member.isAlive()) {
            if (machine.loss != null) {
                powerGone(machine, member);
            } else if (member.process.isDoomed()) {
                kill(machine);
            } else {
                return;
            }
        }
        loseUnsynced(machine);
        start(machine);
    }

    private void start(SimMachine machine) {
        checks.story().step("starts:", machine.host);
        peers.vanish(machine.host);
        lines.vanish(machine.host);
        try {
            SimMember[] born = new SimMember[1];
            born[0] = new SimMember(this, machine, () -> endedByItself(machine));
            machine.member = born[0];
        } catch (IOException e) {
            if (!machine.diskMayFail) {
                throw checks.story().failure("server " + machine.sid + " does not start: " + e);
            }
            // Whoever watches the process tries again, as long as it takes.
            checks.story().step("does not start: " + machine.host, e);
            scheduler.after(RESTART_PAUSE_NANOS, () -> restart(machine.host));
            return;
        }
        SimMember member = machine.member;
        lines.listen(
                SimMachine.address(machine.sid, SimMachine.CLIENT_PORT),
                ServerEnd.door(member, scheduler, machine.dice));
        member.begin();
    }

    private void endedByItself(SimMachine machine) {
        if (machine.loss != null && machine.member != null) {
            powerGone(machine, machine.member);
        } else {
            gone(machine);
        }
    }

    @Override
    public void pause(String server) {
        SimMember member = required(server).member;
        if (member != null) {
            member.process.pause();
        }
    }

    @Override
    public void resume(String server) {
        SimMember member = required(server).member;
        if (member != null) {
            member.process.resume();
        }
    }

    @Override
    public void jumpClock(String server, long nanos) {
        required(server).wallOffsetNanos += nanos;
    }

    @Override
    public void slowDisk(String server, long extraNanos) {
        required(server).slowDiskNanos = extraNanos;
    }

    @Override
    public void failDisk(String server, int operations) {
        SimMachine machine = required(server);
        machine.diskMayFail = true;
        machine.disk.failsAfter(operations, new IOException("no space left"));
    }

    @Override
    public void mendDisk(String server) {
        required(server).disk.worksAgain();
    }

    /** One voter at a time, and only if the others can repair it: nobody survives the loss of a quorum of disks. */
    @Override
    public void corruptSector(String server) {
        SimMachine machine = required(server);
        kill(machine);
        if (!mayLoseItsDisk(machine)) {
            return;
        }
        List<Path> files = machine.files();
        if (files.isEmpty()) {
            return;
        }
        damage(machine, files.get(machine.dice.nextInt(files.size())));
    }

    boolean mayLoseItsDisk(SimMachine machine) {
        if (machine.sid > config.voters()) {
            return true;
        }
        return config.voters() > 2
                && machines.values().stream().noneMatch(other -> other.sid <= config.voters() && other.damaged);
    }

    /**
     * How many sectors of a file may go bad. Those with the last record of a log are spared: the format has no mark there, so
     * nobody can tell a record that went bad from a last write that was cut off (see docs/compatibility.md).
     */
    private static int sectors(SimMachine machine, Path file, int bytes) throws IOException {
        List<SegmentFile> logs = SegmentFile.list(machine.disk, machine.directories.logs());
        for (int i = logs.size() - 1; i >= 0; i--) {
            Path log = logs.get(i).path();
            long lastRecord = lastRecord(machine, log);
            if (lastRecord > 0) {
                return log.equals(file) ? (int) (lastRecord / SECTOR_BYTES) : allSectors(bytes);
            }
        }
        return allSectors(bytes);
    }

    private static int allSectors(int bytes) {
        return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
    }

    /** Its offset; 0 if the file has none. */
    private static long lastRecord(SimMachine machine, Path log) throws IOException {
        long offset = 0;
        try (SegmentReader reader = SegmentReader.open(machine.disk, log, JournalConfig.DEFAULT_MAX_RECORD_BYTES)) {
            while (reader.next()) {
                offset = reader.offset();
            }
        }
        return offset;
    }

    /** Overwrites a sector of a file with chance. */
    void damage(SimMachine machine, Path file) {
        try {
            byte[] bytes = machine.disk.contents(file);
            int sectors = sectors(machine, file, bytes.length);
            if (sectors == 0) {
                return;
            }
            int from = machine.dice.nextInt(sectors) * SECTOR_BYTES;
            for (int i = from; i < Math.min(bytes.length, from + SECTOR_BYTES); i++) {
                bytes[i] = (byte) machine.dice.nextInt();
            }
            if (file.toString().endsWith("Epoch")
                    && IS_NUMBER
                            .matcher(StandardCharsets.US_ASCII.decode(ByteBuffer.wrap(bytes)))
                            .find()) {
                // Without a checksum nobody can tell one number from another.
                bytes[0] = '?';
            }
            machine.disk.put(file, bytes);
            machine.damaged = true;
            checks.nodes().wiped(machine.sid);
            checks.story().step("damaged: " + machine.host, file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
