/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real volumes that become full, and members that outlive that (spec quorum 2.3, operations 2.6). */
class FullDiskIT {
    private static final int VOLUME_MEGABYTES = 8;
    private static final int BIG_NODE_BYTES = 100_000;

    @TempDir
    private Path directory;

    @Test
    void a_follower_with_a_full_disk_waits_and_comes_back() throws Exception {
        fullDiskOf(Role.FOLLOWER);
    }

    @Test
    void a_leader_with_a_full_disk_leaves_the_lead_to_another_and_comes_back() throws Exception {
        fullDiskOf(Role.LEADER);
    }

    private void fullDiskOf(Role role) throws Exception {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory).config("snapCount", "40");
        for (long id = 1; id <= 3; id++) {
            builder.participant(id, ServerDistribution.packed());
        }
        EnsembleProcesses ensemble = builder.build();
        // Of two that begin the one with the greater id leads; the third follows.
        EnsembleMember small = ensemble.member(role == Role.LEADER ? 2 : 3);
        try (SmallVolume volume = SmallVolume.under(small, VOLUME_MEGABYTES);
                ensemble) {
            ensemble.start(1, 2);
            ensemble.awaitAllServing();
            ensemble.start(3);
            ensemble.awaitAllServing();
            small.awaitRole(role);
            fillAndFree(ensemble, small, volume);
        }
    }

    private static void fillAndFree(EnsembleProcesses ensemble, EnsembleMember small, SmallVolume volume)
            throws Exception {
        try (Client client = Client.to(others(ensemble, small))) {
            client.populate("/before");
            volume.fill();
            // More than what the journal has taken in advance.
            for (int i = 0; i < 20; i++) {
                client.awaitConnected();
                write(client, "/big" + i);
            }
            small.awaitLog("waiting for the disk: .*No space left on device");
            small.awaitLog("Waiting for the disk, since .* bytes free");
            ensemble.await(small + " no longer serves", () -> small.role().isEmpty());
            assertThat(small.process().isAlive()).as("%s lives", small).isTrue();
            client.awaitConnected().create("/while-one-is-full", "");
            List<String> said = small.log().stream()
                    .filter(line -> line.contains("Waiting for the disk"))
                    .toList();
            assertThat(said).as("one line, and a reminder a minute").hasSizeLessThanOrEqualTo(3);
            volume.free();
            small.awaitLog("The disk can be written again");
            small.awaitServing();
            client.awaitConnected().create("/after", "");
        }
        ensemble.awaitAllServing();
        Trees.assertEqual(ensemble, "a disk was full and is not any more");
        // What it shows is what it has.
        small.kill9();
        small.start();
        ensemble.awaitAllServing();
        Trees.assertEqual(ensemble, "the member with the small disk was killed behind that");
    }

    /** Goes on until it is done: the member that leads may be the one whose disk is full. */
    private static void write(Client client, String path) throws Exception {
        while (true) {
            try {
                client.raw().create(path, new byte[BIG_NODE_BYTES], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                return;
            } catch (KeeperException.NodeExistsException e) {
                return;
            } catch (KeeperException.ConnectionLossException e) {
                client.awaitConnected();
            }
        }
    }

    private static String others(EnsembleProcesses ensemble, EnsembleMember than) {
        return ensemble.members().stream()
                .filter(each -> each != than)
                .map(EnsembleMember::address)
                .collect(Collectors.joining(","));
    }
}
