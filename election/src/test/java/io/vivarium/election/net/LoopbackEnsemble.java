/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.testkit.process.ServerProcess;
import java.util.ArrayList;
import java.util.List;

/** Ensembles on loopback ports that were free a moment ago. */
final class LoopbackEnsemble {
    private LoopbackEnsemble() {}

    static Ensemble ofVoters(int voters) {
        List<Member> members = new ArrayList<>();
        for (long sid = 1; sid <= voters; sid++) {
            members.add(Member.parse(
                    sid, "127.0.0.1:" + ServerProcess.freePort() + ":" + ServerProcess.freePort() + ":participant"));
        }
        return Ensemble.ofMajority(members, 0);
    }
}
