/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The line that repeats a failure. */
final class Failure {
    private Failure() {}

    static String line(long seed, long minutes, int servers) {
        return "seed " + seed + ", commit " + commit() + ": bin/simulate --minutes " + minutes + " --seed " + seed
                + (servers == 0 ? "" : " --servers " + servers);
    }

    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(git.getInputStream(), StandardCharsets.UTF_8))) {
                String commit = reader.readLine();
                return commit == null ? "unknown" : commit;
            }
        } catch (IOException e) {
            return "unknown";
        }
    }
}
