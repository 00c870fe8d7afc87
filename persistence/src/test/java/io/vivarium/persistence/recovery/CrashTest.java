/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.JournalMeter;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Power fails again and again, anywhere; what was acknowledged is there afterwards, and the tree is one that was. */
class CrashTest {
    private static final DataDirectories DIRECTORIES = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final JournalConfig JOURNAL = JournalConfig.DEFAULT.withPreAllocBytes(16 << 10);
    private static final int ROUNDS = 8;

    /** One life of a server between two power failures. */
    private static final class Life implements JournalListener {
        final SimDisk disk;
        final SplittableRandom dice;
        final NaiveTree tree = new NaiveTree();
        long acked;
        boolean snapshotDue;
        boolean failed;

        Life(SimDisk disk, SplittableRandom dice) {
            this.disk = disk;
            this.dice = dice;
        }

        @Override
        public void synced(long zxid, boolean rests) {
            acked = zxid;
        }

        @Override
        public void snapshotDue() {
            snapshotDue = true;
        }

        @Override
        public void failed(Throwable cause) {
            assertThat(cause).hasMessageContaining("power");
            failed = true;
        }

        /** Runs until the power fails; returns the digest after each zxid. */
        SortedMap<Long, Long> run() throws IOException {
            SnapshotWriter snapshots = new SnapshotWriter(disk, DIRECTORIES.snapshots(), SnapshotConfig.DEFAULT);
            acked = tree.zxid();
            TreeMap<Long, Long> digests = new TreeMap<>();
            digests.put(tree.zxid(), tree.treeDigest());
            disk.powerFailsAfter(5 + dice.nextInt(60));
            JournalLoop loop = new JournalLoop(
                    new SegmentedJournal(disk, DIRECTORIES.logs(), JOURNAL, tree.zxid()),
                    FlushPolicy.DEFAULT,
                    new RollPolicy(30, 0, 0, dice),
                    this,
                    () -> 0L,
                    1000,
                    JournalMeter.NONE);
            Txns txns = new Txns(dice);
            try {
                snapshots.write(tree);
                while (!failed) {
                    for (int i = dice.nextInt(6); i >= 0; i--) {
                        long zxid = tree.zxid() + 1;
                        loop.submit(zxid, Txns.bytes(txns.next(tree, zxid)));
                        digests.put(zxid, tree.treeDigest());
                    }
                    loop.step();
                    if (snapshotDue && !failed) {
                        snapshotDue = false;
                        snapshots.write(tree);
                        new Purge(disk, DIRECTORIES.snapshots(), DIRECTORIES.logs(), InstantSource.system())
                                .run(
                                        3,
                                        new PrintStream(
                                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("power");
            }
            return digests;
        }
    }

    private static RecoveryResult recover(SimDisk disk, NaiveTree tree) throws IOException {
        return new Recovery(disk, DIRECTORIES, RecoveryConfig.DEFAULT, LoadProgress.SILENT).recover(tree, tree);
    }

    private static int livesBeforeRefusal(int seed, SimDisk.Loss loss) throws IOException {
        SplittableRandom dice = new SplittableRandom(seed);
        SimDisk disk = new SimDisk();
        SortedMap<Long, Long> digests = new TreeMap<>();
        long acked = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Life life = new Life(disk, dice);
            RecoveryResult result;
            try {
                result = recover(disk, life.tree);
            } catch (RecoveryException e) {
                // Holes in what was never synced look like holes in what was; then refusing is right.
                assertThat(loss).as("seed %d: %s", seed, e.getMessage()).isEqualTo(SimDisk.Loss.SECTORS);
                return round;
            }
            assertThat(result.lastZxid()).as("seed %d round %d", seed, round).isGreaterThanOrEqualTo(acked);
            assertThat(life.tree.zxid()).isEqualTo(result.lastZxid());
            if (!digests.isEmpty()) {
                assertThat(life.tree.treeDigest())
                        .as("seed %d round %d zxid %d", seed, round, result.lastZxid())
                        .isEqualTo(digests.get(result.lastZxid()));
            }
            assertThat(life.tree.digestMismatches()).isEmpty();
            digests = life.run();
            acked = life.acked;
            disk.crash(dice, loss);
        }
        return ROUNDS;
    }

    @Test
    void nothing_acknowledged_is_lost_when_tails_are_torn() throws IOException {
        for (int seed = 0; seed < 150; seed++) {
            assertThat(livesBeforeRefusal(seed, SimDisk.Loss.TAIL)).isEqualTo(ROUNDS);
        }
    }

    @Test
    void nothing_acknowledged_is_lost_when_any_sectors_are_missing() throws IOException {
        int lives = 0;
        for (int seed = 0; seed < 150; seed++) {
            lives += livesBeforeRefusal(seed, SimDisk.Loss.SECTORS);
        }
        assertThat(lives).isGreaterThan(150);
    }
}
