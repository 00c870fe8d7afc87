/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.util.List;

/** Sessions that only one member knows, and that stay so (spec client-protocol 9.4; quorum 12.3). */
class LocalSessionsContractIT extends EnsembleSuite {
    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.config("localSessionsEnabled", "true");
    }

    @Override
    void write(Scripts scripts) {
        scripts.deviation(
                "an ephemeral of a local session is refused by its follower alone",
                s -> {
                    Session a = s.connect("a", s.follower());
                    a.create("~/x", "");
                    a.create("~/e", "", 1);
                    a.sync("~");
                    a.getEphemerals("/");
                },
                """
                - a< create #2 z+2 EPHEMERAL_ON_LOCAL_SESSION
                + a< create #2 z+1 EPHEMERAL_ON_LOCAL_SESSION
                - a< sync #3 z+2 OK path=~
                + a< sync #3 z+1 OK path=~
                - a< getEphemerals #4 z+2 OK []
                + a< getEphemerals #4 z+1 OK []
                """);
        scripts.script("a local session reads, writes and owns no ephemeral, on the leader", s -> work(s, s.leader()));
        scripts.script(
                "an ephemeral in a multi of a local session is refused as its part, on a follower",
                s -> multis(s, s.follower()));
        scripts.script(
                "an ephemeral in a multi of a local session is refused as its part, on the leader",
                s -> multis(s, s.leader()));
        scripts.script("a container with the flag of an ephemeral is refused to a local session", s -> {
            for (EnsembleMember member : List.of(s.follower(), s.leader())) {
                s.connect("a", member).createContainer("~/c", 1);
            }
        });
        scripts.script("a local session goes on at its own member and nowhere else", s -> {
            for (EnsembleMember member : List.of(s.follower(), s.leader())) {
                Session a = s.connect("a", member);
                a.create("~/x", "");
                a.drop();
                Session b = s.resume("b", a, member);
                b.delete("~/x", -1);
                s.resume("c", b, s.otherFollower()).awaitClosed();
                b.ping();
                b.closeSession();
                b.awaitClosed();
                s.resume("d", b, member).awaitClosed();
            }
        });
    }

    private static void multis(EnsembleStage s, EnsembleMember member) throws IOException {
        Session a = s.connect("a", member);
        a.multi(a.partCreate("~/x", ""), a.partCreate("~/e", "", 1));
        a.multi(a.partCreate("~/e", "", 1), a.partCreate("~/y", ""));
        a.multi(a.partCreate("~/e", "", 3));
        a.multi(a.partCheck("~/none", 0), a.partCreate("~/e", "", 1));
        a.multi(a.partContainer("~/c"), a.partDelete("~/c", -1));
        a.getChildren("~");
        a.create("~/z", "");
        a.pipelined(() -> {
            a.create("~/q", "");
            a.multi(a.partCreate("~/r", ""), a.partCreate("~/e", "", 1));
            a.create("~/t", "");
            a.getChildren("~");
        });
    }

    private static void work(EnsembleStage s, EnsembleMember member) throws IOException {
        Session a = s.connect("a", member);
        a.create("~/x", "1");
        a.setData("~/x", "2", -1);
        a.create("~/e", "", 1);
        a.create2("~/e", "", 3);
        a.createContainer("~/c", 4);
        a.pipelined(() -> {
            a.create("~/y", "");
            a.create("~/e", "", 1);
            a.getChildren("~");
            a.sync("~");
        });
        a.getEphemerals("/");
        a.closeSession();
        a.awaitClosed();
    }
}
