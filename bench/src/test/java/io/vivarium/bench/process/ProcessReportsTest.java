/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessReportsTest {
    @Test
    void processor_ticks_are_found_behind_a_name_with_spaces_and_brackets() {
        String stat = "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 17 4 0 0 20 0 30 0 999 1 2";

        assertThat(ProcFs.parseCpuTicks(stat)).isEqualTo(21);
    }

    @Test
    void peak_memory_is_read_by_its_name() {
        assertThat(ProcFs.parseKilobytes("VmPeak: 9 kB\nVmHWM:\t  1234 kB", "VmHWM:"))
                .isEqualTo(1_234);
        assertThatThrownBy(() -> ProcFs.parseKilobytes("Name:\tx\n", "VmHWM:"))
                .hasMessage("no line VmHWM: in process status");
    }

    @Test
    void the_live_heap_is_the_total_of_the_histogram() throws IOException {
        String histogram = """
                42:
                 num     #instances         #bytes  class name (module)
                   1:          1234         567890  [B (java.base@17)
                Total         99999       12345678
                """;

        assertThat(HeapProbe.parseLiveBytes(histogram)).isEqualTo(12_345_678);
        assertThatThrownBy(() -> HeapProbe.parseLiveBytes("nothing")).hasMessageContaining("no line 'Total'");
    }

    @Test
    void direct_memory_is_what_the_process_holds_outside_of_its_heap_for_buffers() throws IOException {
        String summary = """
                -                 Internal (reserved=641KB, committed=641KB)
                -                    Other (reserved=20480KB, committed=8192KB)
                """;
        assertThat(HeapProbe.parseDirectBytes(summary)).isEqualTo(8192 * 1024);
        assertThatThrownBy(() -> HeapProbe.parseDirectBytes("nothing")).hasMessageContaining("no line 'Other'");
    }

    @Test
    void cleanup_runs_last_in_first_out_and_each_once() {
        List<String> ended = new ArrayList<>();
        Cleanup cleanup = new Cleanup();
        Runnable gone = () -> ended.add("gone");
        cleanup.add(() -> ended.add("first"));
        cleanup.add(gone);
        cleanup.add(() -> ended.add("last"));
        cleanup.remove(gone);

        cleanup.close();
        cleanup.close();
        cleanup.add(() -> ended.add("late"));

        assertThat(ended).containsExactly("last", "first", "late");
    }

    @Test
    void a_work_folder_goes_with_all_that_is_in_it(@TempDir Path parent) throws IOException {
        Path forgotten;
        try (Cleanup cleanup = new Cleanup()) {
            Path path;
            try (WorkDir dir = WorkDir.create(parent, cleanup)) {
                path = dir.path();
                Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("c"), "x");
            }
            assertThat(path).doesNotExist();
            forgotten = WorkDir.create(parent, cleanup).path();
        }
        assertThat(forgotten).doesNotExist();
    }

    @Test
    void a_server_that_cannot_be_found_is_named(@TempDir Path project) {
        assertThatThrownBy(() -> ServerBuild.find("nowhere", project)).hasMessageContaining("no server 'nowhere'");
        assertThatThrownBy(() -> ServerBuild.find("vivarium", project))
                .hasMessageContaining("mvn -pl server -am package");
        assertThatThrownBy(() -> ServerBuild.find(project.toString(), project)).hasMessageContaining("no jars in");
    }

    @Test
    void a_distribution_says_with_which_flags_its_server_is_started(@TempDir Path distribution) throws Exception {
        Files.writeString(Files.createDirectories(distribution.resolve("lib")).resolve("server.jar"), "");
        assertThat(ServerBuild.find(distribution.toString(), distribution).ownFlags())
                .isEmpty();
        Files.writeString(
                Files.createDirectories(distribution.resolve("bin")).resolve("zkEnv.sh"),
                "SERVER_JVMFLAGS=\"-Xmx1g  -XX:+UseThat $SERVER_JVMFLAGS\"\n");
        ServerBuild build = ServerBuild.find(distribution.toString(), distribution);
        assertThat(build.ownFlags()).containsExactly("-Xmx1g", "-XX:+UseThat");
        assertThat(build.withoutOwnFlags().ownFlags()).isEmpty();
        Files.writeString(distribution.resolve("bin/zkEnv.sh"), "exit 3\n");
        assertThatThrownBy(() -> ServerBuild.find(distribution.toString(), distribution))
                .hasMessageContaining("zkEnv.sh does not tell its flags (exit 3)");
    }
}
