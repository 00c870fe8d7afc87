/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.report.Comparison;
import io.vivarium.bench.report.Metric;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs each scenario on both sides in turn, A B A B, so that a slow drift of the machine touches both sides of a pair nearly
 * alike. Thread: the caller's; blocks.
 */
public final class Contest {
    private final ServerBuild subject;
    private final ServerBuild baseline;
    private final int pairs;
    private final Consumer<String> progress;

    public Contest(ServerBuild subject, ServerBuild baseline, int pairs, Consumer<String> progress) {
        if (pairs < 1) {
            throw new IllegalArgumentException("pairs " + pairs + " is below 1");
        }
        this.subject = subject;
        this.baseline = baseline;
        this.pairs = pairs;
        this.progress = progress;
    }

    /** Told after each pair, so that a long comparison leaves something if it is cut short. */
    @FunctionalInterface
    public interface AfterPair {
        void accept(Comparison soFar) throws IOException;
    }

    public Comparison run(List<Scenario> scenarios, AfterPair afterPair) throws IOException, InterruptedException {
        String other = baseline.name().equals(subject.name()) ? baseline.name() + " (again)" : baseline.name();
        Comparison comparison = new Comparison(subject.name(), other);
        for (int i = 0; i < scenarios.size(); i++) {
            for (int pair = 1; pair <= pairs; pair++) {
                progress.accept(
                        "== scenario " + (i + 1) + " of " + scenarios.size() + ", pair " + pair + " of " + pairs);
                List<Metric.Value> ofSubject = scenarios.get(i).run(subject);
                List<Metric.Value> ofBaseline = scenarios.get(i).run(baseline);
                comparison.addPair(ofSubject, ofBaseline);
                afterPair.accept(comparison);
            }
        }
        return comparison;
    }
}
