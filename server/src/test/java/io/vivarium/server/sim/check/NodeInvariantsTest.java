/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.Role;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeInvariantsTest {
    private final GivenRun run = new GivenRun();
    private final Node one = new Node(1);
    private final Node two = new Node(2);

    /** A server that says what the test wants. */
    private final class Node implements NodeView {
        private final long sid;
        private Role role = Role.FOLLOWING;
        private long accepted = 1;
        private long current = 1;
        private long applied;
        private long digest;

        Node(long sid) {
            this.sid = sid;
        }

        void leads(long epoch) {
            role = Role.LEADING;
            accepted = epoch;
            current = epoch;
        }

        void isAt(long zxid) {
            applied = zxid;
            digest = run.checks.history().tree().digest();
        }

        @Override
        public long sid() {
            return sid;
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public Role role() {
            return role;
        }

        @Override
        public boolean isEstablished() {
            return true;
        }

        @Override
        public long acceptedEpoch() {
            return accepted;
        }

        @Override
        public long currentEpoch() {
            return current;
        }

        @Override
        public long lastApplied() {
            return applied;
        }

        @Override
        public long digest() {
            return digest;
        }

        @Override
        public void committedAfter(long zxid, Consumer<LoggedTxn> taker) {
            // Everything is told already.
        }
    }

    @BeforeEach
    void everybodyIsUpToDate() {
        run.exists("/a");
        for (Node node : List.of(one, two)) {
            node.isAt(run.lastZxid());
        }
    }

    private void assertCaught(String what, Node node) {
        assertThatThrownBy(() -> run.checks.nodes().changed(node))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what);
    }

    @Test
    void aNewLeaderWithTheWholeHistoryIsFine() {
        one.leads(1);
        run.checks.nodes().changed(one);
        run.checks.nodes().changed(two);
        two.leads(2);
        run.checks.nodes().changed(two);
        run.checks.nodes().converged(List.of(one, two));
    }

    @Test
    void twoLeadersOfOneEpochAreCaught() {
        one.leads(1);
        run.checks.nodes().changed(one);
        two.leads(1);
        assertCaught("I2", two);
    }

    @Test
    void anEpochThatFallsIsCaught() {
        one.leads(3);
        run.checks.nodes().changed(one);
        one.accepted = 2;
        one.current = 2;
        assertCaught("I1", one);
    }

    @Test
    void aWipedServerMayBeginAnew() {
        one.leads(3);
        run.checks.nodes().changed(one);
        one.accepted = 0;
        one.current = 0;
        one.role = Role.FOLLOWING;
        run.checks.nodes().wiped(1);
        run.checks.nodes().changed(one);
    }

    @Test
    void aLeaderThatLacksWhatIsCommittedIsCaught() {
        run.exists("/b");
        two.leads(2);
        assertCaught("I3", two);
    }

    @Test
    void anotherTreeAtTheSameZxidIsCaught() {
        two.digest++;
        assertCaught("I8", two);
    }

    @Test
    void anAppliedZxidThatIsNotCommittedIsCaught() {
        two.applied = run.lastZxid() + 1;
        assertCaught("not committed", two);
    }

    @Test
    void theBeginningOfAnEpochHasTheTreeOfTheLast() {
        two.leads(2);
        two.isAt(Zxid.of(2, 0));
        run.checks.nodes().changed(two);
    }

    @Test
    void aServerThatStaysBehindDoesNotConverge() {
        run.exists("/b");
        one.isAt(run.lastZxid());
        assertThatThrownBy(() -> run.checks.nodes().converged(List.of(one, two)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("server 2 does not converge");
    }
}
