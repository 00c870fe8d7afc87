/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ensembles of one kind, as the tutorials build them, through good and bad days (spec operations 2.4, 7.5). */
class EnsembleIT {
    private static final int TICK_MILLIS = 2_000;
    /** Of all members, one after the other. */
    private static final int ROLLING_RESTARTS = Integer.getInteger("drill.restarts", 1);

    @TempDir
    private Path directory;

    @Test
    void started_in_order_the_second_of_three_leads() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3).build()) {
            ensemble.start(1);
            ensemble.member(1).awaitLog("LOOKING");
            assertThat(ScriptMember.status(ensemble.member(1)))
                    .satisfies(answer -> assertThat(answer.out())
                            .endsWith("Error contacting service. It is probably not running.\n"))
                    .satisfies(answer -> assertThat(answer.exitCode()).isEqualTo(1));
            assertThat(ensemble.member(1).process().isAlive()).isTrue();
            ensemble.start(2);
            ensemble.member(2).awaitRole(Role.LEADER);
            ensemble.start(3);
            ensemble.awaitAllServing();
            assertThat(statusOf(ensemble, 1)).isEqualTo("Mode: follower");
            assertThat(statusOf(ensemble, 2)).isEqualTo("Mode: leader");
            assertThat(statusOf(ensemble, 3)).isEqualTo("Mode: follower");
        }
    }

    @Test
    void ids_need_not_begin_at_one() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(2, 3, 4).build()) {
            ensemble.start(2, 3);
            ensemble.member(3).awaitRole(Role.LEADER);
            ensemble.start(4);
            ensemble.member(4).awaitRole(Role.FOLLOWER);
            assertThat(ensemble.awaitLeader().id()).isEqualTo(3);
        }
    }

    @Test
    void of_five_the_third_leads_and_two_may_die() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3, 4, 5).build()) {
            ensemble.start(1, 2);
            ensemble.member(2).awaitLog("LOOKING");
            assertThat(ensemble.member(1).role()).isEmpty();
            ensemble.start(3);
            ensemble.member(3).awaitRole(Role.LEADER);
            ensemble.start(4, 5);
            assertThat(ensemble.awaitAllServing().id()).isEqualTo(3);
            try (Client client = Client.to(ensemble.addresses())) {
                client.populate("/five");
                ensemble.member(3).kill9();
                ensemble.awaitAllServing().kill9();
                ensemble.awaitAllServing();
                client.awaitConnected().sync().create("/three-are-enough", "");
                ensemble.startAll();
                ensemble.awaitAllServing();
            }
            Trees.assertEqual(ensemble, "five members, two of which were killed");
        }
    }

    @Test
    void without_a_quorum_the_last_one_waits_and_goes_on_when_another_returns() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3).build()) {
            ensemble.startAll();
            EnsembleMember leader = ensemble.awaitAllServing();
            try (Client client = Client.to(ensemble.addresses())) {
                client.populate("/before");
            }
            leader.stop();
            EnsembleMember next = ensemble.awaitAllServing();
            assertThat(next.id()).isNotEqualTo(leader.id());
            next.stop();
            EnsembleMember last = ensemble.running().get(0);
            ensemble.await("the last one does not serve", () -> last.role().isEmpty());
            assertThat(ScriptMember.status(last))
                    .satisfies(answer -> assertThat(answer.exitCode()).isEqualTo(1))
                    .satisfies(answer -> assertThat(answer.out())
                            .endsWith("Error contacting service. It is probably not running.\n"));
            assertThat(last.process().isAlive()).as("%s lives", last).isTrue();
            leader.start();
            ensemble.awaitAllServing();
            try (Client client = Client.to(last)) {
                assertThat(client.read("/before")).isEqualTo("in a multi");
                client.create("/after", "");
            }
            next.start();
            ensemble.awaitAllServing();
            Trees.assertEqual(ensemble, "all are back");
        }
    }

    @Test
    void a_rolling_restart_under_load_loses_nothing_and_is_short() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3)
                .config("tickTime", Integer.toString(TICK_MILLIS))
                .build()) {
            ensemble.startAll();
            ensemble.awaitAllServing();
            try (SteadyLoad load = new SteadyLoad(ensemble.addresses(), 4);
                    Client observer = Client.to(ensemble.addresses())) {
                awaitWrites(load, 100);
                for (int round = 0; round < ROLLING_RESTARTS; round++) {
                    // The leader last: each restart before it costs nobody a leader.
                    for (EnsembleMember member : followersThenLeader(ensemble)) {
                        awaitWrites(load, load.acknowledged() + 20);
                        int before = load.acknowledged();
                        member.stop();
                        awaitWrites(load, before + 50);
                        member.start();
                        ensemble.awaitAllServing();
                    }
                }
                observer.awaitConnected().sync();
                SteadyLoad.Verdict verdict = load.verify(observer.raw());
                long pauseMillis = TimeUnit.NANOSECONDS.toMillis(load.longestSilence());
                System.out.printf(
                        "rolling restarts: %d, longest time without a write %d ms, %s%n",
                        ROLLING_RESTARTS, pauseMillis, verdict);
                assertThat(verdict.lost()).as("acknowledged writes lost").isZero();
                assertThat(verdict.duplicated()).as("writes done twice").isZero();
                assertThat(verdict.expired()).as("sessions expired").isZero();
                assertThat(pauseMillis).as("longest time without a write, ms").isLessThan(maxPauseMillis());
            }
            Trees.assertEqual(ensemble, "after a rolling restart");
        }
    }

    @Test
    void a_member_that_lost_its_disk_gets_everything_back() throws Exception {
        try (EnsembleProcesses ensemble =
                ensemble(1, 2, 3).config("snapCount", "20").build()) {
            ensemble.startAll();
            EnsembleMember leader = ensemble.awaitAllServing();
            try (Client client = Client.to(ensemble.addresses())) {
                client.populate("/a");
                leader.kill9();
                leader.wipe();
                ensemble.awaitAllServing();
                client.awaitConnected().sync().populate("/b");
                leader.start().awaitRole(Role.FOLLOWER);
            }
            Trees.assertEqual(ensemble, "the old leader came back without its disk");
        }
    }

    @Test
    void a_leader_that_was_frozen_follows_when_it_wakes_up() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3)
                .config("tickTime", "300")
                .config("syncLimit", "4")
                .build()) {
            ensemble.startAll();
            EnsembleMember frozen = ensemble.awaitAllServing();
            try (Client client = Client.to(frozen)) {
                client.populate("/a");
                client.createEphemeral("/ephemeral");
                frozen.pause();
                EnsembleMember next = ensemble.awaitLeader();
                assertThat(next.id()).isNotEqualTo(frozen.id());
                try (Client other = Client.to(next)) {
                    other.populate("/b");
                }
                frozen.resume();
                frozen.awaitRole(Role.FOLLOWER);
                client.awaitConnected().sync();
                assertThat(client.read("/b")).isEqualTo("in a multi");
                assertThat(client.exists("/ephemeral")).as("the session lives").isTrue();
            }
            ensemble.awaitAllServing();
            Trees.assertEqual(ensemble, "the old leader woke up");
        }
    }

    @Test
    void a_leader_that_nobody_hears_gives_up_and_one_that_hears_nobody_too() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3)
                .config("tickTime", "300")
                .config("syncLimit", "4")
                .relayed()
                .build()) {
            ensemble.startAll();
            EnsembleMember cutOff = ensemble.awaitAllServing();
            try (Client client = Client.to(ensemble.addresses())) {
                client.populate("/a");
            }
            ensemble.mute(cutOff.id());
            EnsembleMember next = awaitOtherLeader(ensemble, cutOff);
            try (Client client = Client.to(next)) {
                client.create("/while-one-was-mute", "");
            }
            ensemble.heal();
            ensemble.awaitAllServing();
            Trees.assertEqual(ensemble, "a mute leader was heard again");

            EnsembleMember isolated = ensemble.awaitLeader();
            ensemble.isolate(isolated.id());
            ensemble.await(isolated + " no longer serves", () -> isolated.role().isEmpty());
            try (Client client = Client.to(awaitOtherLeader(ensemble, isolated))) {
                client.create("/while-one-was-alone", "");
            }
            ensemble.heal();
            ensemble.awaitAllServing();
            Trees.assertEqual(ensemble, "an isolated leader was reached again");
        }
    }

    @Test
    void a_member_moves_to_another_address() throws Exception {
        try (EnsembleProcesses ensemble = ensemble(1, 2, 3).build()) {
            ensemble.startAll();
            ensemble.awaitAllServing();
            try (Client client = Client.to(ensemble.addresses())) {
                client.populate("/a");
                ensemble.member(1).stop();
                ensemble.move(1);
                ensemble.member(1).start();
                // The others learn of the new address from their configuration, one after the other.
                for (long id : new long[] {2, 3}) {
                    ensemble.member(id).stop();
                    ensemble.member(id).start();
                    ensemble.awaitAllServing();
                }
                client.awaitConnected().sync().create("/b", "");
            }
            ensemble.await("member 1 serves", () -> ensemble.member(1).role().isPresent());
            Trees.assertEqual(ensemble, "member 1 moved");
        }
    }

    private EnsembleProcesses.Builder ensemble(long... ids) {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory);
        LongStream.of(ids).forEach(id -> builder.participant(id, Kinds.subject()));
        return builder;
    }

    private static String statusOf(EnsembleProcesses ensemble, long id) throws Exception {
        ScriptMember.Answer answer = ScriptMember.status(ensemble.member(id));
        assertThat(answer.exitCode()).isZero();
        return answer.out()
                .lines()
                .collect(Collectors.toCollection(java.util.ArrayDeque::new))
                .getLast();
    }

    private static EnsembleMember awaitOtherLeader(EnsembleProcesses ensemble, EnsembleMember than) {
        Function<EnsembleProcesses, Optional<EnsembleMember>> other = all -> all.members().stream()
                .filter(each -> each.id() != than.id())
                .filter(each -> each.is(Role.LEADER))
                .findFirst();
        ensemble.await(
                "another than " + than + " leads", () -> other.apply(ensemble).isPresent());
        return other.apply(ensemble).orElseThrow();
    }

    private static EnsembleMember[] followersThenLeader(EnsembleProcesses ensemble) {
        EnsembleMember leader = ensemble.awaitLeader();
        EnsembleMember[] order = ensemble.members().toArray(EnsembleMember[]::new);
        Arrays.sort(order, java.util.Comparator.comparing(member -> member.id() == leader.id()));
        return order;
    }

    private static void awaitWrites(SteadyLoad load, int count) {
        await(count + " writes").atMost(Duration.ofSeconds(60)).until(() -> load.acknowledged() >= count);
    }

    /** Ours hands over within a tick; a stock server that stands in its place only has to come back. */
    private static long maxPauseMillis() {
        return Kinds.subjectIsStock() ? 10 * TICK_MILLIS : TICK_MILLIS;
    }
}
