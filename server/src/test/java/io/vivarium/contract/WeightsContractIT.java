/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;

/** Members that count differently: one outweighs the two others together (spec quorum 11). */
class WeightsContractIT extends EnsembleSuite {
    private static final long HEAVY = 1;

    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.config("group.1", "1:2:3")
                .config("weight.1", "3")
                .config("weight.2", "1")
                .config("weight.3", "1");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("the heavy member is a quorum, the two others are none", s -> {
            EnsembleProcesses ensemble = s.ensemble();
            EnsembleMember heavy = ensemble.member(HEAVY);
            s.noteWrite("with all", heavy);
            ensemble.member(2).kill9();
            ensemble.member(3).kill9();
            heavy.awaitRole(Role.LEADER);
            s.noteWrite("alone", heavy);
            ensemble.start(2, 3);
            ensemble.awaitAllServing();
            heavy.kill9();
            ensemble.await("nobody serves", () -> ensemble.members().stream()
                    .allMatch(each -> each.role().isEmpty()));
            s.connect("refused", ensemble.member(2));
            heavy.start();
            ensemble.awaitAllServing();
            s.noteWrite("again", ensemble.member(2));
        });
    }
}
