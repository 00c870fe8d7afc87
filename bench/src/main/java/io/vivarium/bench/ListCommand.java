/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows all workloads. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the workloads and their usual shapes.")
final class ListCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("name  sessions  depth  nodes      where       what");
        for (Workload workload : Workload.values()) {
            LoadSpec shape = workload.defaults();
            out.println(String.format(
                    Locale.ROOT,
                    "%-4s %9d %6d %,10d  %-10s  %s",
                    workload,
                    shape.sessions(),
                    shape.depth(),
                    shape.nodes(),
                    workload.runsAgainstAnyServer() ? "run,compare" : "compare",
                    workload.title()));
        }
        out.flush();
    }
}
