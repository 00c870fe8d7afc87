/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.SyncPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One link never waits for, or fails with, another, up to the bound. */
class HistorySenderTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final SyncPlan DIFF = new SyncPlan.Stream(PacketType.DIFF, 7, null, List.of());
    private static final long SECONDS = 20;

    private final LinkedBlockingQueue<Long> sent = new LinkedBlockingQueue<>();
    private final HistorySender sender = new HistorySender(
            new HistoryTransfer(
                    new SyncPlanner(SyncConfig.DEFAULT),
                    new LogHistory(new SimDisk(), DIRS, 1 << 20),
                    new JournalReader(new SimDisk(), DIRS.logs(), 1 << 20),
                    () -> new GivenServerTree().view()),
            2,
            task -> {
                Thread thread = new Thread(task, "history");
                thread.setDaemon(true);
                return thread;
            },
            sent::add);

    @AfterEach
    void close() {
        sender.close();
    }

    /** A learner that takes nothing until it is let go. */
    private static final class Stalled extends RecordedOutlet {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void send(QuorumPacket packet) throws IOException {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            super.send(packet);
        }
    }

    /** Says when it has failed. */
    private static final class Broken extends RecordedOutlet {
        final CountDownLatch failed = new CountDownLatch(1);

        @Override
        public void send(QuorumPacket packet) throws IOException {
            throw new IOException("link is gone");
        }

        @Override
        public void fail(String reason) {
            super.fail(reason);
            failed.countDown();
        }
    }

    @Test
    void a_learner_that_stalls_or_breaks_does_not_touch_another() throws InterruptedException {
        Stalled stalled = new Stalled();
        Broken broken = new Broken();
        RecordedOutlet fine = new RecordedOutlet();
        sender.send(1, DIFF, stalled);
        assertThat(stalled.reached.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        sender.send(2, DIFF, broken);
        sender.send(3, DIFF, fine);
        assertThat(sent.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(fine.ended).isTrue();
        assertThat(broken.failed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(broken.failure).contains("link is gone");
        stalled.released.countDown();
        assertThat(sent.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    @Test
    void more_learners_than_threads_wait_for_their_turn() throws InterruptedException {
        Stalled first = new Stalled();
        Stalled second = new Stalled();
        RecordedOutlet third = new RecordedOutlet();
        sender.send(1, DIFF, first);
        sender.send(2, DIFF, second);
        sender.send(3, DIFF, third);
        assertThat(first.reached.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(second.reached.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(third.ended).isFalse();
        assertThat(sender.threads()).isEqualTo(2);
        first.released.countDown();
        second.released.countDown();
        for (int i = 0; i < 3; i++) {
            assertThat(sent.poll(SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(third.ended).isTrue();
    }

    @Test
    void a_fault_of_this_server_fails_the_link_as_well() throws InterruptedException {
        Broken outlet = new Broken();
        sender.send(1, new SyncPlan.Snapshot(9, "the tree is not there"), outlet);
        assertThat(outlet.failed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(outlet.failure).contains("0x9");
        assertThat(sent).isEmpty();
    }

    @Test
    void a_server_that_stops_fails_the_link() {
        RecordedOutlet outlet = new RecordedOutlet();
        sender.close();
        sender.send(1, DIFF, outlet);
        assertThat(outlet.failure).isEqualTo("this server stops");
    }
}
