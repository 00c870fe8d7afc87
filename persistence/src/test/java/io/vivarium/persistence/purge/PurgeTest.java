/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.model.SimDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PurgeTest {
    private static final Path SNAPSHOTS = Path.of("/data/version-2");
    private static final Path LOGS = Path.of("/log/version-2");
    private static final byte[] WHOLE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, '/'};

    private final SimDisk disk = new SimDisk();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void makeDirectories() {
        disk.createDirectories(SNAPSHOTS);
        disk.createDirectories(LOGS);
    }

    private void snapshots(String... names) {
        for (String name : names) {
            disk.put(SNAPSHOTS.resolve(name), WHOLE);
        }
    }

    private void logs(String... names) {
        for (String name : names) {
            disk.put(LOGS.resolve(name), new byte[20]);
        }
    }

    private List<String> purge(int retain) throws IOException {
        new Purge(disk, SNAPSHOTS, LOGS, () -> Instant.EPOCH)
                .run(retain, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void the_newest_snapshots_stay_with_every_log_they_need() throws IOException {
        snapshots("snapshot.0", "snapshot.10", "snapshot.20", "snapshot.30", "snapshot.40");
        logs("log.1", "log.12", "log.1f", "log.25", "log.41");
        List<String> lines = purge(3);
        assertThat(disk.list(SNAPSHOTS)).containsExactly("snapshot.20", "snapshot.30", "snapshot.40");
        assertThat(disk.list(LOGS)).containsExactly("log.1f", "log.25", "log.41");
        assertThat(lines).hasSize(4).allMatch(line -> line.matches("Removing file: .+\\t/(data|log)/version-2/\\S+"));
    }

    @Test
    void with_few_snapshots_only_logs_before_the_oldest_go() throws IOException {
        snapshots("snapshot.10");
        logs("log.1", "log.8", "log.11");
        purge(3);
        assertThat(disk.list(LOGS)).containsExactlyInAnyOrder("log.8", "log.11");
    }

    @Test
    void without_a_snapshot_nothing_goes() throws IOException {
        logs("log.1", "log.8");
        assertThat(purge(3)).isEmpty();
        assertThat(disk.list(LOGS)).containsExactly("log.1", "log.8");
    }

    @Test
    void a_snapshot_that_was_not_written_to_its_end_does_not_count() throws IOException {
        snapshots("snapshot.10", "snapshot.20", "snapshot.30");
        disk.put(SNAPSHOTS.resolve("snapshot.40"), new byte[100]);
        logs("log.9", "log.11", "log.31");
        purge(3);
        assertThat(disk.list(SNAPSHOTS)).containsExactly("snapshot.10", "snapshot.20", "snapshot.30", "snapshot.40");
        assertThat(disk.list(LOGS)).containsExactly("log.11", "log.31", "log.9");
    }

    @Test
    void names_without_a_zxid_are_kept_and_named() throws IOException {
        snapshots("snapshot.junk", "snapshot.10", "snapshot.20", "snapshot.30", "snapshotx", "currentEpoch");
        logs("log.old", "logx", "log.1", "log.10");
        List<String> lines = purge(3);
        assertThat(disk.list(SNAPSHOTS)).contains("snapshot.junk", "snapshotx", "currentEpoch");
        assertThat(disk.list(LOGS)).containsExactly("log.10", "log.old", "logx");
        assertThat(lines)
                .contains(
                        "Keeping file whose name holds no zxid: /log/version-2/log.old",
                        "Keeping file whose name holds no zxid: /data/version-2/snapshot.junk");
    }

    @Test
    void fewer_than_three_are_refused() {
        assertThatThrownBy(() -> purge(2)).hasMessage("count should be greater than or equal to 3");
    }
}
