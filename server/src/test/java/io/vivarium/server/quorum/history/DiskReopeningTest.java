/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.DiskProbe;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a thread and real files: something stands where a directory has to be, and goes. */
class DiskReopeningTest {
    private static final long END = Zxid.of(1, 12);

    /** The time is asked for at the beginning and behind each attempt. */
    private static final int ASKED_BEHIND_A_FAILURE = 3;

    private final BlockingQueue<HistoryStore.Reopened> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final CountDownLatch asked = new CountDownLatch(ASKED_BEHIND_A_FAILURE);
    private DataDirectories directories;
    private Path moved;
    private GivenMember member;
    private DiskReopening reopening;

    @BeforeEach
    void a_member_whose_log_directory_is_taken_away(@TempDir Path directory) throws IOException {
        directories = DataDirectories.of(directory.resolve("data"), directory.resolve("log"));
        moved = directory.resolve("moved");
        FileDisk disk = new FileDisk();
        member = new GivenMember(disk, directories).withHistory();
        reopening = new DiskReopening(
                new DiskProbe(disk, directories, RecoveryConfig.DEFAULT, 4096),
                member.store,
                opened::add,
                faults::add,
                task -> new Thread(task, "disk"),
                () -> {
                    asked.countDown();
                    return System.nanoTime();
                });
        member.journal.execute(journal -> journal.roll());
        member.step();
        Files.move(directories.logs(), moved);
        Files.writeString(directories.logs(), "in the way");
        member.write(GivenMember.txn(2, 1, "new"));
        assertThat(member.answered())
                .singleElement()
                .asString()
                .startsWith("failed ")
                .contains("log.200000001");
    }

    @Test
    void it_waits_as_long_as_that_lasts_and_reads_what_was_acknowledged() throws Exception {
        reopening.begin(member.journal.durableZxid(), END);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(opened).isEmpty();
        assertThat(member.claim.run(() -> {})).as("nobody writes the tree down").isFalse();
        Files.delete(directories.logs());
        Files.move(moved, directories.logs());
        HistoryStore.Reopened found = opened.poll(10, TimeUnit.SECONDS);
        reopening.close();
        assertThat(found).isNotNull();
        assertThat(found.lastZxid()).isEqualTo(END);
        assertThat(member.claim.run(() -> {})).isTrue();
        assertThat(faults).isEmpty();
    }

    @Test
    void closing_ends_the_wait() throws Exception {
        reopening.begin(member.journal.durableZxid(), END);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        reopening.close();
        Files.delete(directories.logs());
        assertThat(opened).isEmpty();
        assertThat(faults).isEmpty();
    }
}
