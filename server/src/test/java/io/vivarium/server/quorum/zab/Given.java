/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.Role;
import io.vivarium.protocol.ensemble.ServerAddress;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;

/** Values that many tests begin with. */
final class Given {
    /** Ticks of 2 s, initLimit 10, syncLimit 5: as in the captures of spec quorum 17. */
    static final ZabConfig CONFIG = ZabConfig.withDefaults(2_000, 10, 5);

    static final long HALF_TICK_NANOS = 1_000_000_000L;

    private Given() {}

    static Ensemble voters(int count) {
        return ensemble(count, 0);
    }

    static Ensemble ensemble(int voters, long version) {
        List<Member> members = new ArrayList<>();
        for (int sid = 1; sid <= voters; sid++) {
            members.add(new Member(sid, new ServerAddress("server" + sid, 2888, 3888), Role.PARTICIPANT, null));
        }
        members.add(new Member(9, new ServerAddress("server9", 2888, 3888), Role.OBSERVER, null));
        return Ensemble.ofMajority(members, version);
    }

    static byte[] text(Ensemble ensemble) {
        return ensemble.toText().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static long zxid(long epoch, long counter) {
        return Zxid.of(epoch, counter);
    }

    /** A transaction that servers of every version read. */
    static Proposal proposal(long epoch, long counter) {
        return proposal(Zxid.of(epoch, counter), OpCode.DELETE, new Txn.Delete("/" + epoch + "/" + counter));
    }

    static Proposal proposal(long zxid, int type, Txn body) {
        return new Proposal(zxid, new LoggedTxn(new TxnHeader(7, 1, zxid, 0, type), body, null).toBytes());
    }

    static List<Proposal> proposals(long epoch, int from, int to) {
        List<Proposal> all = new ArrayList<>();
        for (int counter = from; counter <= to; counter++) {
            all.add(proposal(epoch, counter));
        }
        return all;
    }

    static CommittedLog log(List<Proposal> proposals) {
        CommittedLog log = new CommittedLog(500, Long.MAX_VALUE);
        proposals.forEach(log::add);
        return log;
    }
}
