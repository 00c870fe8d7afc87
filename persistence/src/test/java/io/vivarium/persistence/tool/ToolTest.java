/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.Fixtures;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.Recovery;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.LoadProgress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools print is what stock 3.9.5 printed for the same files; dates depend on the machine and are cut out. */
class ToolTest {
    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static String golden(String name) throws IOException {
        try (InputStream in = ToolTest.class.getResourceAsStream("/tool/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String log(String input, String... args) {
        out.reset();
        err.reset();
        int code = TxnLogDump.run(
                args,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return code + "\n" + out.toString(StandardCharsets.UTF_8);
    }

    private String snapshot(String... args) {
        out.reset();
        err.reset();
        int code = SnapshotDump.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                () -> Instant.ofEpochMilli(77));
        return code + "\n" + out.toString(StandardCharsets.UTF_8);
    }

    private static String undated(String text) {
        return text.replaceAll("(?m)^(CRC \\w+ - )?[^ \\n][^\\n]{5,40} session 0x", "$1DATE session 0x")
                .replaceAll("(?m)^  (.time) = .*$", "  $1 = DATE");
    }

    private Path logs(String fixture) throws IOException {
        return Fixtures.unpack(fixture, temp).logs();
    }

    @Test
    void a_log_is_dumped_as_stock_dumps_it() throws IOException {
        Path logs = logs("3.9.3-base");
        for (String name : new String[] {"log.45", "log.56"}) {
            assertThat(undated(log("", logs.resolve(name).toString())))
                    .isEqualTo("0\n" + undated(golden("3.9.3-base-" + name + ".txt")));
        }
    }

    @Test
    void a_broken_checksum_is_shown_and_does_not_end_the_dump() throws IOException {
        String text = log("", logs("3.9.3-crc-broken").resolve("log.11").toString());
        assertThat(text.lines().filter(line -> line.startsWith("CRC ERROR - "))).hasSize(1);
        assertThat(text).startsWith("0\n").endsWith("EOF reached after 14 txns.\n");
    }

    @Test
    void recovery_mode_writes_a_log_whose_checksums_fit() throws IOException {
        Path broken = logs("3.9.3-crc-broken").resolve("log.11");
        String text = log("what\nyes\n", "-r", broken.toString());
        assertThat(text)
                .contains("Would you like to fix it (Yes/No/Abort) ? Would you like to fix it")
                .contains("CRC FIXED - ")
                .endsWith("Recovery file " + broken + ".fixed has been written with 1 fixed CRC error(s)\n");
        assertThat(log("", "-ry", broken.toString())).startsWith("1\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("already exists or not writable");
        assertThat(log("", broken + ".fixed")).doesNotContain("CRC ERROR").endsWith("after 14 txns.\n");
        Files.delete(Path.of(broken + ".fixed"));
        assertThat(log("", "--recover", "-yv", broken.toString())).contains("zxid 0x11 createSession 60000");
        Files.delete(Path.of(broken + ".fixed"));
        assertThat(log("a\n", "-r", broken.toString())).contains("Recovery aborted.");
    }

    @Test
    void a_chopped_log_ends_with_its_zxid_and_starts_a_server() throws IOException {
        DataDirectories directories = Fixtures.unpack("3.9.3-crc-broken", temp);
        Path broken = directories.logs().resolve("log.11");
        assertThat(log("", "-c", broken.toString(), "-z", "0x13"))
                .startsWith("0\nZooKeeper Transactional Log File")
                .endsWith("\nChopping at 13 new log has 3 records\n");
        assertThat(Path.of(broken + ".chopped19")).hasSize(284);
        Files.move(Path.of(broken + ".chopped19"), broken, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        NaiveTree tree = new NaiveTree();
        assertThat(new Recovery(new FileDisk(), directories, RecoveryConfig.DEFAULT, LoadProgress.SILENT)
                        .recover(tree, tree)
                        .lastZxid())
                .isEqualTo(0x13);
    }

    @Test
    void a_chop_at_a_zxid_out_of_reach_leaves_no_file() throws IOException {
        Path broken = logs("3.9.3-crc-broken").resolve("log.11");
        assertThat(log("", "-c", "-z", "0x1e", broken.toString())).startsWith("1\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the last whole one is 0x1c");
        assertThat(Path.of(broken + ".chopped30")).doesNotExist();
    }

    @Test
    void wrong_use_of_the_log_tool_has_the_exit_codes_of_stock() throws IOException {
        assertThat(log("")).startsWith("1\nusage: TxnLogToolkit");
        assertThat(log("", "-h")).startsWith("0\nusage: TxnLogToolkit");
        assertThat(log("", "-x", "file")).startsWith("1\nusage");
        assertThat(log("", "--nonsense", "file")).startsWith("1\nusage");
        assertThat(log("", "-c", "file")).startsWith("1\nusage");
        assertThat(log("", "-c", "file", "-z", "x")).startsWith("1\nusage");
        assertThat(log("", "/no/such/file")).isEqualTo("1\n");
        assertThat(err).hasToString("File doesn't exist or not readable: /no/such/file\n");
        Path snapshot = logs("3.9.3-small").resolve("snapshot.0");
        assertThat(log("", snapshot.toString())).isEqualTo("2\n");
        assertThat(err).hasToString("Invalid magic number for snapshot.0\n");
    }

    @Test
    void a_snapshot_is_dumped_as_stock_dumps_it() throws IOException {
        String path = logs("3.9.3-base").resolve("snapshot.55").toString();
        assertThat(undated(snapshot(path))).isEqualTo("0\n" + undated(golden("3.9.3-base-snapshot.55.txt")));
        assertThat(snapshot("-d", path)).contains("/a/b\n").contains("  data = YWI=\n");
    }

    @Test
    void a_snapshot_is_dumped_as_json_as_stock_does() throws IOException {
        String path = logs("3.9.3-crc-broken").resolve("snapshot.10").toString();
        assertThat(snapshot("-json", path))
                .isEqualTo("0\n"
                        + golden("3.9.3-crc-broken-snapshot.10.json")
                                .replaceAll("\"timestamp\":\\d+", "\"timestamp\":77"));
    }

    @Test
    void wrong_use_of_the_snapshot_tool_has_the_exit_codes_of_stock() throws IOException {
        assertThat(snapshot()).isEqualTo("2\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("USAGE: SnapshotFormatter [-d|-json] snapshot_file");
        assertThat(snapshot("-x", "file")).isEqualTo("2\n");
        assertThat(snapshot("/no/such/file")).isEqualTo("2\n");
        assertThat(err).hasToString("File '/no/such/file' does not exist.\n");
        assertThat(snapshot(logs("3.9.3-small").resolve("log.1").toString())).isEqualTo("1\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("mismatching magic headers");
    }
}
