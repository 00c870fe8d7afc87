/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static io.vivarium.server.tree.RandomHistory.Closes.LISTED;
import static io.vivarium.server.tree.RandomHistory.Closes.MIXED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.txn.LoggedTxn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories against a naive twin; a failure names the seed.
 *
 * <p>Those that are repeated list the paths in each closeSession. Without the list, an ephemeral that was later made again as
 * an ordinary node is not recognised as the session's when the history runs a second time; that is why servers list them.
 */
class TreePropertyTest {
    private static final OwnerKind.Rules RULES = new OwnerKind.Rules(true, false);
    private static final int TXNS = 400;

    private final ZnodeTree tree = new ZnodeTree(new TreeConfig(RULES, true));
    private final RecordedSessions sessions = new RecordedSessions();
    private final TxnApplier applier = new TxnApplier(tree, sessions);
    private final TreeLoader loader = new TreeLoader(tree, applier, sessions);

    static long[] seeds() {
        long[] seeds = new long[32];
        Arrays.setAll(seeds, i -> i + 1L);
        seeds[31] = System.nanoTime();
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void showsWhatTheNaiveTwinShowsAfterEachStep(long seed) {
        RandomHistory history = new RandomHistory(seed, RULES, MIXED);
        history.model.assertSameAs(tree, "seed " + seed);
        for (int i = 0; i < TXNS; i++) {
            loader.apply(history.next());
            if (i % 20 == 19) {
                history.model.assertSameAs(tree, "seed " + seed + " after " + i);
            }
        }
        assertThat(sessions.timeouts()).as("seed " + seed).isEqualTo(history.model.sessions);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isTheSameAfterAHistoryAndAfterTheHistoryTwice(long seed) {
        RandomHistory history = new RandomHistory(seed, RULES, LISTED);
        List<LoggedTxn> txns = history.next(TXNS);
        txns.forEach(loader::apply);
        txns.forEach(loader::apply);
        history.model.assertSameAs(tree, "seed " + seed);
        assertThat(sessions.timeouts()).as("seed " + seed).isEqualTo(history.model.sessions);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isTheSameAfterAnyTailOfTheHistoryIsRepeated(long seed) {
        RandomHistory history = new RandomHistory(seed, RULES, LISTED);
        List<LoggedTxn> txns = history.next(TXNS);
        txns.forEach(loader::apply);
        txns.subList(new Random(seed).nextInt(TXNS), TXNS).forEach(loader::apply);
        history.model.assertSameAs(tree, "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aSnapshotTakenWhileTheTreeChangesIsRepairedByReplay(long seed) throws IOException {
        RandomHistory history = new RandomHistory(seed, RULES, LISTED);
        history.next(TXNS / 2).forEach(loader::apply);
        Random pace = new Random(seed);
        List<LoggedTxn> later = new ArrayList<>();
        TreeSnapshot snapshot = new TreeSnapshot(
                tree,
                new SharedHold() {
                    @Override
                    public void acquire() {}

                    /** Between two holds, which is where the core gets its turn. */
                    @Override
                    public void release() {
                        for (LoggedTxn txn : history.next(pace.nextInt(6))) {
                            later.add(txn);
                            loader.apply(txn);
                        }
                    }
                },
                sessions);
        RecordedSessions restoredSessions = new RecordedSessions();
        ZnodeTree restored = new ZnodeTree(new TreeConfig(RULES, true));
        TxnApplier replay = new TxnApplier(restored, restoredSessions);
        TreeLoader into = new TreeLoader(restored, replay, restoredSessions);
        long zxid = copy(snapshot, into);
        later.stream().filter(txn -> txn.zxid() > zxid).forEach(into::apply);

        history.model.assertSameAs(tree, "original, seed " + seed);
        history.model.assertSameAs(restored, "restored, seed " + seed);
        assertThat(restoredSessions.timeouts()).as("seed " + seed).isEqualTo(history.model.sessions);
        assertThat(replay.digests().mismatches()).as("seed " + seed).isZero();
        assertThat(replay.digests().pending()).as("seed " + seed).isNull();
    }

    private static long copy(TreeSnapshot from, SnapshotSink to) throws IOException {
        to.clear();
        long zxid = from.lastZxid();
        from.writeSessions(to::session);
        Set<Long> listed = new HashSet<>(Set.of(AclTable.OPEN));
        from.writeAcls((id, acl) -> {
            listed.add(id);
            to.acl(id, acl);
        });
        from.writeNodes((path, pathLength, data, offset, length, aclId, stat) -> {
            assertThat(listed).as("lists that nodes may name").contains(aclId);
            to.node(
                    new String(path, 0, pathLength, StandardCharsets.UTF_8),
                    length < 0 ? null : Arrays.copyOfRange(data, offset, offset + length),
                    aclId,
                    stat);
        });
        long digestZxid = from.digestZxid();
        if (digestZxid >= zxid) {
            to.digest(digestZxid, from.treeDigest());
        }
        assertThat(from.lastZxidNow()).isGreaterThanOrEqualTo(digestZxid);
        to.loaded(zxid);
        return zxid;
    }
}
