/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.container;

import io.vivarium.ensemble.Kinds;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The images of the servers in containers, each built once. The one of a stock server is ours with its jars exchanged: the
 * same files, variables and checks around another server. Thread: test.
 */
final class ContainerImages {
    /** Made by {@code .ci/containers}. */
    private static final String BASE = "local/java-base:17";

    private static final String OURS = "local/vivarium-it";
    private static final String STOCK = "local/stock-it";

    private static @Nullable ImageFromDockerfile ours;
    private static @Nullable ImageFromDockerfile stock;

    private ContainerImages() {}

    /** From the files that the project's Dockerfile may see. */
    static synchronized ImageFromDockerfile ours() {
        if (ours == null) {
            Path archive = archive();
            Path checkout = archive.getParent().getParent().getParent();
            ours = new ImageFromDockerfile(OURS, false)
                    .withFileFromPath("Dockerfile", checkout.resolve("Dockerfile"))
                    .withFileFromPath("docker", checkout.resolve("docker"))
                    .withFileFromPath("server/target/" + archive.getFileName(), archive)
                    .withBuildArg("BASE", BASE);
        }
        return ours;
    }

    /** The server under test in ensembles ({@link Kinds}). */
    static synchronized ImageFromDockerfile subject() {
        if (!Kinds.subjectIsStock()) {
            return ours();
        }
        if (stock == null) {
            String below = ours().get();
            ServerDistribution distribution = Kinds.subject();
            stock = new ImageFromDockerfile(STOCK, false).withDockerfileFromBuilder(builder -> builder.from(below)
                    .user("root")
                    .run("rm -rf /opt/vivarium/lib/* && sed -i 's/^ZOOMAIN=.*/ZOOMAIN=" + distribution.mainClass()
                            + "/' /opt/vivarium/bin/zkServer.sh")
                    .copy("jars/", "/opt/vivarium/lib/")
                    .user("1000:1000")
                    .build());
            for (String jar : distribution.classPath().split(File.pathSeparator, -1)) {
                Path file = Path.of(jar);
                stock.withFileFromPath("jars/" + file.getFileName(), file);
            }
        }
        return stock;
    }

    private static Path archive() {
        Path target = ServerDistribution.packedHome().getParent().getParent();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("vivarium-.*-bin\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no archive in " + target + "; run mvn package"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + target, e);
        }
    }
}
