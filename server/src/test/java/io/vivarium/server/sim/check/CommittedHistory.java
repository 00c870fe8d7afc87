/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.sim.check.ModelRules.Circumstances;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The truth: every committed transaction in the order of zxids, and the tree they make.
 *
 * <p>A transaction enters with the first server that applies it, and from then on everybody has to agree (spec quorum 15, I6,
 * I8). It has to be what its client asked for, given the tree before it: accepted or refused for the right reason, once, with
 * the digest of the model. Thread: the test's.
 */
public final class CommittedHistory {
    private record Span(int firstIndex, long firstCounter) {}

    private final Story story;
    private final Asked asked;
    private final ModelTree tree;
    private final ModelRules rules;
    private final List<Committed> entries = new ArrayList<>();
    private final Map<Long, Span> spans = new HashMap<>();
    private final Map<Long, Integer> openSessions = new HashMap<>();
    private final Set<Long> closedSessions = new HashSet<>();
    private final List<Consumer<Committed>> listeners = new ArrayList<>();
    private final JuteWriter scratch = new JuteWriter(512);
    private final CRC32C crc = new CRC32C();
    private final long emptyDigest;
    private long lastZxid;

    CommittedHistory(Story story, Asked asked, OwnerKind.Rules rules) {
        this.story = story;
        this.asked = asked;
        this.tree = new ModelTree(rules);
        this.rules = new ModelRules(tree);
        this.emptyDigest = tree.digest();
    }

    void onCommitted(Consumer<Committed> listener) {
        listeners.add(listener);
    }

    public long lastZxid() {
        return lastZxid;
    }

    public int size() {
        return entries.size();
    }

    ModelTree tree() {
        return tree;
    }

    /** The digest of a tree in which nothing has happened. */
    long emptyDigest() {
        return emptyDigest;
    }

    /** The sessions that are open after the last transaction, with their timeouts in milliseconds. */
    Map<Long, Integer> openSessions() {
        return openSessions;
    }

    Committed get(int index) {
        return entries.get(index);
    }

    /** Whether a transaction has been decided. */
    public boolean has(long zxid) {
        return find(zxid) != null;
    }

    @Nullable
    Committed find(long zxid) {
        Span span = spans.get(Zxid.epoch(zxid));
        if (span == null || zxid > lastZxid) {
            return null;
        }
        long index = span.firstIndex() + Zxid.counter(zxid) - span.firstCounter();
        if (index < 0 || index >= entries.size()) {
            return null;
        }
        Committed found = entries.get((int) index);
        return found.zxid() == zxid ? found : null;
    }

    /** The index of the first transaction above {@code zxid}. */
    int indexAfter(long zxid) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A server has applied a transaction, or made its tree of a history that has it. */
    public void applied(long sid, LoggedTxn txn) {
        int fingerprint = fingerprint(txn);
        if (txn.zxid() <= lastZxid) {
            Committed known = find(txn.zxid());
            if (known == null || known.fingerprint() != fingerprint) {
                throw story.failure("server " + sid + " applies " + txn + " where " + known + " is committed");
            }
            return;
        }
        append(sid, txn, fingerprint);
    }

    private void append(long sid, LoggedTxn txn, int fingerprint) {
        long zxid = txn.zxid();
        boolean first = Zxid.epoch(zxid) > Zxid.epoch(lastZxid) || entries.isEmpty();
        if (first ? Zxid.counter(zxid) != 1 : zxid != lastZxid + 1) {
            throw story.failure("server " + sid + " applies " + txn + " right after " + Zxid.toString(lastZxid));
        }
        if (first) {
            spans.put(Zxid.epoch(zxid), new Span(entries.size(), Zxid.counter(zxid)));
        }
        lastZxid = zxid;
        Operation operation = asked.find(txn.header().clientId(), txn.header().cxid());
        Circumstances at =
                new Circumstances(txn.header().clientId(), zxid, txn.header().timeMillis());
        Reply expected = operation == null ? internal(txn, at) : ofClient(operation, txn, at);
        Committed committed = new Committed(txn, fingerprint, operation, expected, rules.takeChanges(), tree.digest());
        story.step("committed", committed);
        if (txn.digest() != null && txn.digest().treeDigest() != tree.digest()) {
            throw story.failure(
                    "the digest in " + committed + " is " + txn.digest() + ", the model has " + tree.digest());
        }
        entries.add(committed);
        for (Consumer<Committed> listener : listeners) {
            listener.accept(committed);
        }
    }

    private Reply ofClient(Operation operation, LoggedTxn txn, Circumstances at) {
        if (operation.committedZxid() != 0) {
            throw story.failure(operation + " happens again, as " + txn);
        }
        operation.noteCommitted(at.zxid());
        int refusal = txn.body() instanceof Txn.Refusal refused ? refused.code() : 0;
        boolean open = openSessions.containsKey(at.session());
        if (!open || refusal == ErrorCode.SESSION_MOVED.code()) {
            if (refusal == 0 && operation.op() != OpCode.CLOSE_SESSION) {
                throw story.failure(operation + " takes effect as " + txn + " though its session is closed");
            }
            return Reply.header(at.zxid(), refusal);
        }
        Reply expected = rules.execute(operation.op(), operation.body(), at);
        if (expected.error() != refusal) {
            throw story.failure(operation + " became " + txn + " where the model says " + expected);
        }
        if (txn.body() instanceof Txn.Multi multi) {
            compareParts(operation, multi, expected);
        }
        if (operation.op() == OpCode.CLOSE_SESSION) {
            close(at.session());
        }
        return expected;
    }

    private void compareParts(Operation operation, Txn.Multi multi, Reply expected) {
        boolean same = multi.parts().size() == expected.parts().size();
        for (int i = 0; same && i < multi.parts().size(); i++) {
            int code = multi.parts().get(i).body() instanceof Txn.Refusal refused ? refused.code() : 0;
            same = code == expected.parts().get(i).error();
        }
        if (!same) {
            throw story.failure(operation + " became " + multi + " where the model says " + expected);
        }
    }

    /** What servers ask of themselves: sessions that begin and expire, nodes that were abandoned. */
    private Reply internal(LoggedTxn txn, Circumstances at) {
        long session = at.session();
        if (txn.body() instanceof Txn.CreateSession created) {
            if (closedSessions.contains(session) || openSessions.put(session, created.timeoutMillis()) != null) {
                throw story.failure("session 0x" + Long.toHexString(session) + " begins a second time, with " + txn);
            }
        } else if (txn.body() instanceof Txn.CloseSession) {
            rules.closeSession(session, at);
            close(session);
        } else if (txn.header().type() == OpCode.DELETE_CONTAINER && txn.body() instanceof Txn.Delete delete) {
            String why = rules.reap(delete.path(), at);
            if (why != null) {
                throw story.failure("a server removes " + delete.path() + " as " + txn + ", but " + why);
            }
        } else if (!(txn.body() instanceof Txn.Refusal) || txn.header().cxid() != 0) {
            throw story.failure("nobody asked for " + txn);
        }
        return Reply.header(at.zxid(), 0);
    }

    private void close(long session) {
        openSessions.remove(session);
        closedSessions.add(session);
    }

    /** Header and body; the digest is the leader's to add. */
    private int fingerprint(LoggedTxn txn) {
        scratch.clear();
        txn.header().write(scratch);
        txn.body().write(scratch);
        crc.reset();
        crc.update(scratch.array(), 0, scratch.size());
        return (int) crc.getValue();
    }
}
