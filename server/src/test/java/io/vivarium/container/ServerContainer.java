/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * One server in a container. It serves clients in the daemon's default network and meets its peers, if it has any, in a
 * private one, so that it can lose its peers and keep its clients. Thread: test.
 */
final class ServerContainer implements AutoCloseable {
    static final int CLIENT_PORT = 2181;
    private static final int TAIL_LINES = 40;
    private static final String CLIENT_NETWORK = "bridge";

    private final GenericContainer<?> container;
    private final String name;
    private final @Nullable Network peers;

    private ServerContainer(String name, @Nullable Network peers, Future<String> image) {
        this.name = name;
        this.peers = peers;
        this.container = new GenericContainer<>(image)
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
        return new ServerContainer("zoo1", null, ContainerImages.ours());
    }

    /** A member whose peers find it by its name. */
    static ServerContainer member(int id, List<String> servers, Network peers) {
        ServerContainer member = new ServerContainer("zoo" + id, peers, ContainerImages.subject());
        member.container
                .withEnv("ZOO_MY_ID", Integer.toString(id))
                .withEnv("ZOO_SERVERS", String.join(" ", servers))
                .withEnv("ZOO_TICK_TIME", "500")
                .withEnv("ZOO_INIT_LIMIT", "20")
                .withEnv("ZOO_SYNC_LIMIT", "6")
                // Its own name stands for its address among the clients; peers come to another.
                .withEnv("ZOO_CFG_EXTRA", "quorumListenOnAllIPs=true")
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
        return host() + ":" + CLIENT_PORT;
    }

    String host() {
        return networkOf(CLIENT_NETWORK);
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
    Optional<String> mode() {
        if (!isRunning()) {
            return Optional.empty();
        }
        ExecResult answer;
        try {
            answer = run("healthcheck.sh");
        } catch (IOException | RuntimeException wentDown) {
            // Between the question whether it runs and this one.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
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

    /** What it wrote last. */
    String logTail() {
        List<String> lines = container.getLogs().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
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

    /** Tests wait for what they need themselves. */
    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            // A running process is all that a member without its peers can show.
        }
    }
}
