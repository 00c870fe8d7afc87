/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;

/** A member without a quorum serves those who accept it (spec client-protocol 12). */
class ReadOnlyContractIT extends EnsembleSuite {
    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.config("localSessionsEnabled", "true").property("readonlymode.enabled", "true");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("a member that has lost its quorum answers reads until there is one again", s -> {
            EnsembleMember left = s.follower();
            Session before = s.connect("before", left);
            before.create("~/x", "1");
            s.stage().note(left.process().ask("isro"));
            s.leader().kill9();
            s.otherFollower().kill9();
            before.awaitClosed();
            left.awaitRole(Role.READ_ONLY);
            s.stage().note(left.process().ask("isro"));
            s.connect("no", left);
            s.resume("global", before, left);
            Session a = s.connectReadOnly("a", left);
            a.getDataWatched("~/x");
            a.getChildren("~");
            a.exists("~/no");
            a.multiRead(a.partGetData("~/x", false));
            a.ping();
            a.create("~/y", "");
            a.setData("~/x", "2", -1);
            a.delete("~/x", -1);
            a.multi(a.partCreate("~/y", ""));
            a.sync("~");
            Session b = s.connectReadOnly("b", left);
            b.closeSession();
            b.awaitClosed();
            s.leader().start();
            s.otherFollower().start();
            a.awaitClosed();
            s.ensemble().awaitAllServing();
            s.stage().note(left.process().ask("isro"));
            Session after = s.connectReadOnly("after", left);
            after.sync("~");
            after.setData("~/x", "2", -1);
        });
    }
}
