/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.bench.load.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ZkBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --workload R9 | no workload 'R9'",
                "run --workload M1 | zkBench.sh compare --workloads M1",
                "run --workload R1 --depth 0 | depth 0 is not within 1..1000000",
                "run --workload R1 --servers a:b | port 'b' in server list",
                "run --workload R1 --rate x | Invalid value for option '--rate'",
                "run --workload R1 --loops 0 | client threads 0 is not within 1..1024",
                "run --workload R1 --server-pid 999999999 | no process 999999999",
                "run | Missing required option: '--workload=NAME'",
                "compare --workloads R1,Q1 | no workload 'Q1'",
                "compare --seconds 0 | seconds 0 is not within 1..86400",
                "compare --warmup -1 | warm-up seconds -1 is not within 0..86400",
                "compare --large 6000000 | large nodes 6000000 is not within 1..5000000",
                "compare --against echo --workloads R1,M2 | an echo server can take part in [R1, R2, W1, W2, X1] only",
                "echo --threads 0 | threads 0 is not within 1..1024",
                "compare --surprise | Unknown option"
            })
    void a_wrong_argument_is_named_and_ends_with_2(String arguments, String message) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    }

    @Test
    void without_a_command_it_says_which_there_are() {
        assertThat(execute()).isEqualTo(2);
        assertThat(err.toString()).contains("run, compare, echo, list or jmh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "compare", "echo", "list"})
    void each_command_has_help(String command) {
        assertThat(execute(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: zkBench.sh " + command);
    }

    @Test
    void list_shows_every_workload() {
        assertThat(execute("list")).isZero();
        for (Workload workload : Workload.values()) {
            assertThat(out.toString()).contains(workload + " ", workload.title());
        }
    }

    private int execute(String... arguments) {
        CommandLine line = ZkBench.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }
}
