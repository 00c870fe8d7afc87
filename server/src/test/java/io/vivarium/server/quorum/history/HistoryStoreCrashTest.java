/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Power fails at each disk operation of each change of a history; what is left is a history that was, or is marked. */
class HistoryStoreCrashTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final int SEEDS = 6;

    /** What is asked of a member with the history of {@link GivenMember#withHistory}. */
    private interface Change {
        void ask(GivenMember member) throws IOException;
    }

    /** What a restart after a crash may find. */
    private interface Check {
        void check(GivenMember before, GivenMember after, boolean finished, String where);
    }

    private interface Setting {
        void prepare(SimDisk disk) throws IOException;
    }

    private static void crashEverywhere(Setting setting, Change change, Check check) throws IOException {
        boolean finished = false;
        for (int operations = 0; !finished; operations++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                SimDisk disk = new SimDisk();
                GivenMember member = new GivenMember(disk, DIRS).withHistory();
                setting.prepare(disk);
                disk.powerFailsAfter(operations);
                change.ask(member);
                finished = member.answered().stream().noneMatch(answer -> answer.startsWith("failed"));
                disk.crash(new SplittableRandom(seed), seed % 2 == 0 ? SimDisk.Loss.TAIL : SimDisk.Loss.SECTORS);
                String where = "operations " + operations + " seed " + seed;
                check.check(member, new GivenMember(disk, DIRS), finished, where);
            }
        }
    }

    private static boolean trusted(GivenMember member) {
        return member.begin.trust() == MemberHistory.Trust.TRUSTED;
    }

    private static void assertOldHistory(GivenMember before, GivenMember after, long atLeast, String where) {
        assertThat(after.begin.lastZxid()).as(where).isBetween(atLeast, Zxid.of(1, 12));
        assertThat(after.tree.treeDigest()).as(where).isEqualTo(before.digests.get(after.begin.lastZxid()));
    }

    @Test
    void a_truncation_leaves_a_prefix_that_is_not_below_its_end() throws IOException {
        long end = Zxid.of(1, 6);
        crashEverywhere(disk -> {}, member -> member.store.truncate(end), (before, after, finished, where) -> {
            assertThat(trusted(after)).as(where).isTrue();
            assertOldHistory(before, after, end, where);
            if (finished) {
                assertThat(after.begin.lastZxid()).as(where).isEqualTo(end);
            }
        });
    }

    @Test
    void a_truncation_that_is_not_possible_leaves_everything() throws IOException {
        crashEverywhere(
                disk -> {
                    disk.delete(DIRS.snapshots().resolve("snapshot.0"));
                    disk.delete(DIRS.snapshots().resolve("snapshot.100000004"));
                    disk.syncDirectory(DIRS.snapshots());
                },
                member -> member.store.truncate(Zxid.of(1, 6)),
                (before, after, finished, where) -> {
                    assertThat(trusted(after)).as(where).isTrue();
                    assertOldHistory(before, after, Zxid.of(1, 12), where);
                });
    }

    @Test
    void an_image_ahead_of_the_history_leaves_the_old_or_the_new_one() throws IOException {
        installs(disk -> {}, Zxid.of(2, 20));
    }

    @Test
    void an_image_within_the_history_leaves_the_old_or_the_new_one() throws IOException {
        installs(disk -> {}, Zxid.of(1, 6));
    }

    @Test
    void an_image_below_every_snapshot_leaves_the_old_or_the_new_one() throws IOException {
        installs(
                disk -> {
                    disk.delete(DIRS.snapshots().resolve("snapshot.0"));
                    disk.syncDirectory(DIRS.snapshots());
                },
                Zxid.of(1, 2));
    }

    private static void installs(Setting setting, long image) throws IOException {
        crashEverywhere(
                setting,
                member -> {
                    member.takeImage(image);
                    member.store.installSnapshot(image);
                },
                (before, after, finished, where) -> {
                    assertThat(trusted(after)).as(where).isTrue();
                    boolean isImage =
                            after.begin.lastZxid() == image && after.tree.treeDigest() == before.tree.treeDigest();
                    if (finished) {
                        assertThat(isImage).as(where).isTrue();
                    }
                    if (!isImage) {
                        assertOldHistory(before, after, Zxid.of(1, 12), where);
                    }
                });
    }

    @Test
    void behind_an_image_over_a_rotten_history_nothing_of_that_is_left() throws IOException {
        long image = Zxid.of(2, 20);
        crashEverywhere(
                disk -> {
                    byte[] bytes = disk.contents(DIRS.logs().resolve("log.100000009"));
                    bytes[100] ^= 0x55;
                    disk.put(DIRS.logs().resolve("log.100000009"), bytes);
                },
                member -> {
                    member.takeImage(image);
                    member.store.installSnapshot(image);
                },
                (before, after, finished, where) -> {
                    // Never a shortened history that looks like a whole one.
                    assertThat(trusted(after)).as(where).isEqualTo(after.begin.lastZxid() == image);
                    if (finished) {
                        assertThat(after.begin.lastZxid()).as(where).isEqualTo(image);
                    }
                });
    }
}
