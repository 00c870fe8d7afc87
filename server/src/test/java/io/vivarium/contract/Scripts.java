/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The scripts of one suite, each with a sentence as its name. Thread: test. */
final class Scripts {
    /** What a script does on a stage; run once for each server. */
    @FunctionalInterface
    interface Script {
        void run(Stage stage) throws IOException;
    }

    /** How the transcripts of the two servers must relate. */
    sealed interface Expectation {
        /** They are equal. */
        record Equal() implements Expectation {}

        /**
         * They are equal as servers on their own. As a member of an ensemble stock differs, or falls; ours is compared there
         * with a stock server on its own, zxids aside.
         */
        record EqualAlone(String reason) implements Expectation {}

        /** They differ in exactly these lines, for a reason. */
        record Deviation(String reason, List<String> changes) implements Expectation {}

        /** The script would harm a stock server, so it runs on ours only and must give exactly this. */
        record OursOnly(String reason, List<String> transcript) implements Expectation {}
    }

    record Named(String sentence, Script script, Expectation expectation) {}

    private final List<Named> all = new ArrayList<>();

    /** Both servers answer alike. */
    void script(String sentence, Script script) {
        all.add(new Named(sentence, script, new Expectation.Equal()));
    }

    /** Our member of an ensemble answers like a server on its own, a stock member does not. */
    void alone(String sentence, String reason, Script script) {
        all.add(new Named(sentence, script, new Expectation.EqualAlone(reason)));
    }

    /** A write with a body that cannot be read. */
    void undecodable(String sentence, Script script) {
        alone(
                sentence,
                "a stock leader proposes the refusal under a zxid that it has used, and its followers stop (spec quorum 9.2)",
                script);
    }

    /** We answer otherwise on purpose; {@code changes} lists the differing lines, stock's with "- ", ours with "+ ". */
    void deviation(String sentence, String reason, Script script, String changes) {
        all.add(new Named(
                sentence,
                script,
                new Expectation.Deviation(reason, changes.strip().lines().toList())));
    }

    /** What breaks the stock server and must not break ours; {@code transcript} is ours. */
    void oursOnly(String sentence, String reason, Script script, String transcript) {
        all.add(new Named(
                sentence,
                script,
                new Expectation.OursOnly(reason, transcript.strip().lines().toList())));
    }

    List<Named> all() {
        return List.copyOf(all);
    }
}
