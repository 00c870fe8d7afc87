/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * One server in a container. It serves clients in the daemon's default network and meets its peers, if it has any, in a
 * private one, so that it can lose its peers and keep its clients. Thread: test.
 */
final class ServerContainer implements AutoCloseable {
    private static final String BASE_IMAGE = "local/java-base:17";
    private static final int CLIENT_PORT = 2181;
    private static final String CLIENT_NETWORK = "bridge";

    /** Built once, from the files that the Dockerfile may see. */
    private static @Nullable ImageFromDockerfile image;

    private final GenericContainer<?> container;
    private final String name;
    private final @Nullable Network peers;

    private ServerContainer(String name, @Nullable Network peers) {
        this.name = name;
        this.peers = peers;
        this.container = new GenericContainer<>(image())
                .withCreateContainerCmdModifier(command -> command.withHostName(name))
                .withEnv("JVMFLAGS", "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .withEnv("ZOO_4LW_COMMANDS_WHITELIST", "*")
                .withStartupCheckStrategy(new IsRunningStartupCheckStrategy())
                .waitingFor(new NoWait());
    }

    /** Ends the test as skipped, and says so where a human looks, if no daemon can be reached. */
    static void assumeDaemon() {
        boolean available = DockerClientFactory.instance().isDockerAvailable();
        if (!available) {
            System.err.println("SKIPPED: tests in containers, because no Docker daemon answers; see .ci/containers");
        }
        assumeTrue(available, "no Docker daemon answers; run .ci/containers");
    }

    static ServerContainer alone() {
        return new ServerContainer("zoo1", null);
    }

    /** A member whose peers find it by its name. */
    static ServerContainer member(int id, List<String> servers, Network peers) {
        ServerContainer member = new ServerContainer("zoo" + id, peers);
        member.container
                .withEnv("ZOO_MY_ID", Integer.toString(id))
                .withEnv("ZOO_SERVERS", String.join(" ", servers))
                .withEnv("ZOO_TICK_TIME", "500")
                .withEnv("ZOO_INIT_LIMIT", "20")
                .withEnv("ZOO_SYNC_LIMIT", "6")
                // The JVM remembers addresses for half a minute unless it is told otherwise.
                .withEnv("SERVER_JVMFLAGS", "-Dsun.net.inetaddr.ttl=1 -Dsun.net.inetaddr.negative.ttl=1");
        return member;
    }

    /** Its data is kept in so much memory, and nowhere else. */
    ServerContainer withSmallDisk(int megabytes) {
        Map<String, String> disks = Map.of(
                "/data", "rw,uid=1000,gid=1000,size=" + megabytes + "m",
                "/datalog", "rw,uid=1000,gid=1000,size=" + megabytes + "m");
        container.withTmpFs(disks);
        return this;
    }

    ServerContainer start() {
        container.start();
        if (peers != null) {
            connect(null);
        }
        return this;
    }

    /** The address for clients; another one after each start. */
    String address() {
        return networkOf(CLIENT_NETWORK) + ":" + CLIENT_PORT;
    }

    String peerAddress() {
        return networkOf(privateNetwork());
    }

    void kill() {
        docker().killContainerCmd(id()).exec();
    }

    /** SIGTERM, and after some seconds SIGKILL. */
    void stop() {
        docker().stopContainerCmd(id()).withTimeout(20).exec();
    }

    /** Starts the container again, with its files and its networks. */
    void startAgain() {
        docker().startContainerCmd(id()).exec();
    }

    void pause() {
        docker().pauseContainerCmd(id()).exec();
    }

    void unpause() {
        docker().unpauseContainerCmd(id()).exec();
    }

    /** Takes the container out of the network of its peers. */
    void disconnect() {
        docker().disconnectFromNetworkCmd()
                .withContainerId(id())
                .withNetworkId(Objects.requireNonNull(peers).getId())
                .exec();
    }

    /** Puts it back under its name, at an address that the daemon chooses or the test. */
    void connect(@Nullable String address) {
        ContainerNetwork endpoint = new ContainerNetwork().withAliases(name);
        if (address != null) {
            endpoint.withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address));
        }
        docker().connectToNetworkCmd()
                .withContainerId(id())
                .withNetworkId(Objects.requireNonNull(peers).getId())
                .withContainerNetwork(endpoint)
                .exec();
    }

    /** The last word of the Mode line; nothing if it does not serve. */
    Optional<String> mode() throws IOException, InterruptedException {
        if (!isRunning()) {
            return Optional.empty();
        }
        ExecResult answer = run("healthcheck.sh");
        return answer.getExitCode() == 0
                ? Optional.of(answer.getStdout().strip().replace("Mode: ", ""))
                : Optional.empty();
    }

    ExecResult run(String... command) throws IOException, InterruptedException {
        return container.execInContainer(command);
    }

    boolean isRunning() {
        InspectContainerResponse.ContainerState state = inspect().getState();
        return Boolean.TRUE.equals(state.getRunning()) && !Boolean.TRUE.equals(state.getPaused());
    }

    InspectContainerResponse inspect() {
        return docker().inspectContainerCmd(id()).exec();
    }

    String log() {
        return container.getLogs();
    }

    @Override
    public void close() {
        if (container.getContainerId() != null) {
            docker().removeContainerCmd(id())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private String id() {
        return container.getContainerId();
    }

    private String networkOf(String network) {
        ContainerNetwork endpoint = inspect().getNetworkSettings().getNetworks().get(network);
        return Objects.requireNonNull(Objects.requireNonNull(endpoint, name + " is not in network " + network)
                .getIpAddress());
    }

    private String privateNetwork() {
        return docker().inspectNetworkCmd()
                .withNetworkId(Objects.requireNonNull(peers).getId())
                .exec()
                .getName();
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    private static synchronized ImageFromDockerfile image() {
        if (image == null) {
            Path target = ServerDistribution.packedHome().getParent().getParent();
            Path checkout = target.getParent().getParent();
            Path archive;
            try (Stream<Path> files = java.nio.file.Files.list(target)) {
                archive = files.filter(file -> file.getFileName().toString().matches("vivarium-.*-bin\\.tar\\.gz"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no archive in " + target + "; run mvn package"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            image = new ImageFromDockerfile("local/vivarium-it", false)
                    .withFileFromPath("Dockerfile", checkout.resolve("Dockerfile"))
                    .withFileFromPath("docker", checkout.resolve("docker"))
                    .withFileFromPath("server/target/" + archive.getFileName(), archive)
                    .withBuildArg("BASE", BASE_IMAGE);
        }
        return image;
    }

    /** Tests wait for what they need themselves. */
    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            // A running process is all that a member without its peers can show.
        }
    }
}
