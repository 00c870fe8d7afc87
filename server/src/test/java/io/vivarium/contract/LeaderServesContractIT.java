/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.util.List;

/** A leader that leaves all clients to the others. */
class LeaderServesContractIT extends EnsembleSuite {
    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.config("leaderServes", "no");
    }

    @Override
    EnsembleMember awaitLeader(EnsembleProcesses ensemble) {
        ensemble.await("two follow", () -> silent(ensemble).size() == 1);
        return silent(ensemble).get(0);
    }

    private static List<EnsembleMember> silent(EnsembleProcesses ensemble) {
        return ensemble.members().stream()
                .filter(member -> !member.is(Role.FOLLOWER))
                .toList();
    }

    @Override
    void write(Scripts scripts) {
        scripts.deviation(
                "a leader that takes no clients still tells what it is",
                s -> {
                    Session a = s.connect("a", s.follower());
                    a.create("~/x", "");
                    Session b = s.connect("b", s.otherFollower());
                    b.sync("~");
                    b.getData("~/x");
                    s.leader()
                            .process()
                            .ask("srvr")
                            .lines()
                            .filter(line -> line.startsWith("Mode:") || line.contains("not currently serving"))
                            .forEach(s.stage()::note);
                    s.stage().note(s.leader().process().ask("ruok"));
                    s.connect("c", s.leader());
                    s.resume("d", a, s.leader());
                    a.setData("~/x", "1", -1);
                },
                """
                - This ZooKeeper instance is not currently serving requests
                + Mode: leader
                """);
    }
}
