/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A source tree as Git knows it. Thread: any; stateless. */
public final class SourceTree {
    private static final String UNKNOWN = "unknown";

    private SourceTree() {}

    /** The commit, with {@code -dirty} behind it if files differ from it; {@code unknown} without Git. */
    public static String commit(Path folder) throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "-C", folder.toString(), "describe", "--always", "--dirty")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return git.waitFor() == 0 && !answer.isEmpty() ? answer : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
