/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Network.Ipam;
import io.vivarium.drill.TreeDump;
import io.vivarium.ensemble.Client;
import io.vivarium.ensemble.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;

/** Three servers in containers that know each other by name, and what can happen to the machines below them. */
class ContainerEnsembleIT {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final int MEMBERS = 3;
    /** Little enough to fill, more than snapshots and logs of these tests need. */
    private static final int SMALL_DISK_MEGABYTES = 24;

    private static final int BIG_NODE_BYTES = 100_000;
    private static final String SUBNET = "10.213.77.";

    private final List<ServerContainer> members = new ArrayList<>();
    private Network peers = Network.SHARED;

    @BeforeAll
    static void needsDaemon() {
        ServerContainer.assumeDaemon();
    }

    @BeforeEach
    void startThree() {
        peers = Network.builder()
                .createNetworkCmdModifier(command ->
                        command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(SUBNET + "0/24"))))
                .build();
        List<String> servers = IntStream.rangeClosed(1, MEMBERS)
                .mapToObj(id -> "server." + id + "=zoo" + id + ":2888:3888;2181")
                .toList();
        for (int id = 1; id <= MEMBERS; id++) {
            ServerContainer member = ServerContainer.member(id, servers, peers);
            members.add(id == 1 ? member.withSmallDisk(SMALL_DISK_MEGABYTES) : member);
        }
        members.forEach(ServerContainer::start);
        awaitThat("three serve", () -> serving() == MEMBERS);
    }

    @AfterEach
    void removeAll() {
        members.forEach(ServerContainer::close);
        peers.close();
    }

    @Test
    void members_are_killed_frozen_cut_off_and_moved_and_always_come_back() throws Exception {
        try (Client client = Client.to(addresses())) {
            client.populate("/start");

            ServerContainer killed = leader();
            killed.kill();
            write(killed, "/while-one-was-dead");
            killed.startAgain();
            awaitThat(killed + " follows after a kill", () -> is(killed, "follower"));

            ServerContainer frozen = leader();
            frozen.pause();
            write(frozen, "/while-one-was-frozen");
            frozen.unpause();
            awaitThat(frozen + " follows after a freeze", () -> is(frozen, "follower"));

            ServerContainer cutOff = leader();
            cutOff.disconnect();
            write(cutOff, "/while-one-was-cut-off");
            awaitThat(cutOff + " serves nobody without its peers", () -> cutOff.mode()
                    .isEmpty());
            cutOff.connect(null);
            awaitThat(cutOff + " follows after a cut", () -> is(cutOff, "follower"));

            ServerContainer moved = leader();
            String before = moved.peerAddress();
            moved.stop();
            moved.disconnect();
            moved.connect(SUBNET + "200");
            moved.startAgain();
            awaitThat(moved + " follows at another address", () -> is(moved, "follower"));
            assertThat(moved.peerAddress()).isEqualTo(SUBNET + "200").isNotEqualTo(before);
        }
        assertSameTrees();
    }

    @Test
    void a_full_disk_stops_one_member_and_not_the_ensemble() throws Exception {
        ServerContainer small = members.get(0);
        try (Client client = Client.to(others(small))) {
            client.populate("/before");
            // As much as there is: dd ends with an error when nothing is left.
            small.run("sh", "-c", "dd if=/dev/zero of=/datalog/fill bs=64k; dd if=/dev/zero of=/data/fill bs=64k");
            for (int i = 0; i < 20; i++) {
                client.raw()
                        .create(
                                "/big" + i,
                                new byte[BIG_NODE_BYTES],
                                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT);
            }
            awaitThat(small + " has noticed", () -> small.mode().isEmpty());
            if (small.isRunning()) {
                small.run("sh", "-c", "rm -f /datalog/fill /data/fill");
            }
            awaitThat("three serve after a full disk", () -> {
                if (!small.isRunning()) {
                    // Whoever runs it starts it again, on an empty disk of memory.
                    small.startAgain();
                }
                return serving() == MEMBERS;
            });
        }
        assertSameTrees();
    }

    private void write(ServerContainer without, String path) throws Exception {
        awaitThat("another than " + without + " leads", () -> leaders(without).size() == 1);
        try (Client client = Client.to(others(without))) {
            client.create(path, "");
        }
    }

    private String addresses() {
        return members.stream().map(ServerContainer::address).collect(Collectors.joining(","));
    }

    private String others(ServerContainer without) {
        return members.stream()
                .filter(member -> member != without)
                .map(ServerContainer::address)
                .collect(Collectors.joining(","));
    }

    private ServerContainer leader() {
        awaitThat(
                "three serve, one leads",
                () -> serving() == MEMBERS
                        && members.stream()
                                        .filter(member -> is(member, "leader"))
                                        .count()
                                == 1);
        return members.stream()
                .filter(member -> is(member, "leader"))
                .findFirst()
                .orElseThrow();
    }

    private List<ServerContainer> leaders(ServerContainer without) {
        return members.stream()
                .filter(member -> member != without && is(member, "leader"))
                .toList();
    }

    private long serving() {
        return members.stream()
                .filter(member -> Stream.of("leader", "follower").anyMatch(mode -> is(member, mode)))
                .count();
    }

    private static boolean is(ServerContainer member, String mode) {
        return member.mode().filter(mode::equals).isPresent();
    }

    private void awaitThat(String what, Callable<Boolean> condition) {
        try {
            await(what).atMost(DEADLINE).pollInterval(Duration.ofMillis(200)).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    what + ": not within " + DEADLINE
                            + members.stream()
                                    .map(member -> "\n---- " + member + " " + member.mode() + "\n" + member.logTail())
                                    .collect(Collectors.joining()),
                    e);
        }
    }

    private void assertSameTrees() throws Exception {
        awaitThat("three serve", () -> serving() == MEMBERS);
        Map<String, TreeDump.Seen> first = dump(members.get(0));
        for (ServerContainer member : members) {
            assertThat(dump(member)).as("tree of %s", member).isEqualTo(first);
        }
    }

    private static Map<String, TreeDump.Seen> dump(ServerContainer member) throws Exception {
        return Trees.dump(member.host(), ServerContainer.CLIENT_PORT);
    }
}
