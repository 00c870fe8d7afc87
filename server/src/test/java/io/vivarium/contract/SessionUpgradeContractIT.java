/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;
import java.util.List;

/** Local sessions that become global when they want an ephemeral (spec client-protocol 9.4; quorum 12.3). */
class SessionUpgradeContractIT extends EnsembleSuite {
    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.config("localSessionsEnabled", "true").config("localSessionsUpgradingEnabled", "true");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("the first ephemeral makes a session known everywhere", s -> {
            for (EnsembleMember member : List.of(s.follower(), s.leader())) {
                Session a = s.connect("a", member);
                a.create("~/x", "");
                a.create("~/e", "", 1);
                a.create("~/f", "", 1);
                a.delete("~/x", -1);
                a.drop();
                Session b = s.resume("b", a, s.otherFollower());
                b.sync("~");
                b.getEphemerals("/");
                b.closeSession();
                b.awaitClosed();
                Session c = s.connect("c", member);
                c.sync("~");
                c.getChildren("~");
            }
        });
        scripts.script("an ephemeral in a multi makes a session known everywhere", s -> {
            Session a = s.connect("a", s.follower());
            a.multi(a.partCreate("~/x", ""), a.partCreate("~/e", "", 1));
            a.drop();
            Session b = s.resume("b", a, s.leader());
            b.getEphemerals("/");
        });
        scripts.script("the upgrade keeps its place among other requests", s -> {
            Session a = s.connect("a", s.follower());
            a.pipelined(() -> {
                a.create("~/x", "");
                a.create("~/e", "", 1);
                a.getEphemerals("/");
                a.create("~/f", "", 1);
                a.getChildren("~");
            });
        });
    }
}
