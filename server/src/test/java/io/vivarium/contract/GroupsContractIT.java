/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;

/**
 * Members in groups: a quorum is most of the weight in most of the groups, whatever most of the members say (spec quorum 11).
 *
 * <pre>
 * group 1: member 1 (weight 2), member 2 (weight 1)   group 2: member 3   group 3: member 4   group 4: member 5 (weight 0)
 * </pre>
 */
class GroupsContractIT extends EnsembleSuite {
    private static final int MEMBERS = 5;
    private static final long WEIGHTLESS = 5;

    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        for (long id = 1; id <= MEMBERS; id++) {
            builder.participant(id, distribution);
        }
        builder.config("group.1", "1:2")
                .config("group.2", "3")
                .config("group.3", "4")
                .config("group.4", "5")
                .config("weight.1", "2")
                .config("weight.2", "1")
                .config("weight.3", "1")
                .config("weight.4", "1")
                .config("weight.5", "0");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("most of the weight in two of three groups is a quorum, and nothing else is", s -> {
            EnsembleProcesses ensemble = s.ensemble();
            s.noteWrite("with all", ensemble.member(WEIGHTLESS));
            kill(ensemble, 2, WEIGHTLESS, 1);
            noteLeader(s, "two of five, a group is lost");
            s.noteWrite("two-of-five", ensemble.member(3));
            kill(ensemble, 3);
            nobodyServes(s, "one group is left");
            ensemble.start(1);
            noteLeader(s, "the heavy one is its group");
            s.noteWrite("heavy", ensemble.member(1));
            kill(ensemble, 1);
            ensemble.start(2, WEIGHTLESS);
            nobodyServes(s, "three of five, one of them light and one without weight");
            ensemble.start(3);
            noteLeader(s, "without the heavy one");
            s.noteWrite("light", ensemble.member(2));
            ensemble.start(1);
            noteLeader(s, "all");
            s.noteWrite("end", ensemble.member(WEIGHTLESS));
        });
    }

    private static void kill(EnsembleProcesses ensemble, long... ids) {
        for (long id : ids) {
            ensemble.member(id).kill9();
        }
    }

    private static void noteLeader(EnsembleStage s, String when) {
        EnsembleMember leader = s.ensemble().awaitAllServing();
        s.stage().note(when + ": all serve, the leader has weight: " + (leader.id() != WEIGHTLESS));
    }

    private static void nobodyServes(EnsembleStage s, String when) throws Exception {
        EnsembleProcesses ensemble = s.ensemble();
        ensemble.await(when + ": nobody serves", () -> ensemble.members().stream()
                .allMatch(each -> each.role().isEmpty()));
        for (EnsembleMember each : ensemble.running()) {
            each.awaitLog("LOOKING");
            s.connect("at " + each.id(), each);
        }
        s.stage().note(when + ": nobody serves");
    }
}
