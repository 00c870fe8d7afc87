/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Asks {@code bin/zkServer.sh} about a member as an operator does (spec operations 2.3, 2.4). Thread: test. */
final class ScriptMember {
    private static final long DEADLINE_SECONDS = 60;

    /** What the script did; the header lines are on stderr and left out. */
    record Answer(int exitCode, String out) {}

    private ScriptMember() {}

    static Answer status(EnsembleMember member) throws Exception {
        return run(member, "status");
    }

    static Answer run(EnsembleMember member, String verb) throws IOException, InterruptedException {
        Path directory = member.process().directory();
        Path out = Files.createTempFile(directory, verb, ".stdout");
        ProcessBuilder builder = new ProcessBuilder(
                        ServerDistribution.packedHome()
                                .resolve("bin/zkServer.sh")
                                .toString(),
                        verb,
                        member.process().configFile().toString())
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ZOO_LOG_DIR", directory.resolve("logs").toString());
        builder.environment().put("ZOO_CLASS_ARCHIVE", "no");
        builder.environment().put("JVMFLAGS", "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("zkServer.sh " + verb + " did not end within " + DEADLINE_SECONDS + " s");
        }
        return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }
}
