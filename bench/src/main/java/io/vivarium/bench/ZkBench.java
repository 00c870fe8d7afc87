/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry of {@code bin/zkBench.sh}. Exit codes: 0 done, 1 the run failed, 2 the command line makes no sense. */
@Command(
        name = "zkBench.sh",
        mixinStandardHelpOptions = true,
        version = "Vivarium bench",
        description = "Measures ZooKeeper-compatible servers: throughput, latency, processor time and memory.",
        subcommands = {RunCommand.class, CompareCommand.class, EchoCommand.class, ListCommand.class},
        footer = {
            "",
            "Examples:",
            "  zkBench.sh run --workload X1 --servers zk1:2181,zk2:2181,zk3:2181 --html x1.html",
            "  zkBench.sh run --workload R2 --rate 20000        open loop: 20,000 requests per second",
            "  zkBench.sh compare --against stock --workloads R1,W1 --pairs 5",
            "  zkBench.sh echo                                  what the transport alone costs",
            "  zkBench.sh jmh -l                                the micro benchmarks, if built with -Pjmh",
            "",
            "BENCH_JVMFLAGS adds flags of the JVM for the driver itself."
        })
public final class ZkBench implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with its one way to report a failure: the message, without a trace. */
    static CommandLine commandLine() {
        return new CommandLine(new ZkBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("zkBench: " + failure.getMessage());
                    if (failure instanceof RuntimeException && !(failure instanceof IllegalArgumentException)) {
                        failure.printStackTrace(line.getErr());
                    }
                    return failure instanceof IllegalArgumentException
                            ? CommandLine.ExitCode.USAGE
                            : CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: run, compare, echo, list or jmh");
    }
}
