/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.bytes;
import static io.vivarium.server.pipeline.GivenTree.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.Foreseen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random requests, prepared some way ahead of what is applied: each transaction does what its preparation said, so its
 * digest is the tree's, and none fails. What preparation foresees saves work and changes nothing: a twin that applies the
 * same without it is always the same. A failure names the seed.
 */
class PreparedDigestPropertyTest {
    private static final int REQUESTS = 300;
    private static final int MOST_AHEAD = 12;
    private static final List<String> NAMES = List.of("a", "b", "c", "é", "n-");
    private static final List<Long> SESSIONS = List.of(0x100000000000001L, 0x100000000000002L, 0x100000000000003L);
    private static final List<String> QUOTA_STEPS =
            List.of("/zookeeper/quota/a", "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats");

    private final GivenTree given = new GivenTree();
    private final GivenTree twin = new GivenTree();
    private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();
    private int foreseen;

    private record Ahead(LoggedTxn txn, @Nullable Foreseen foreseen) {}

    static long[] seeds() {
        long[] seeds = new long[24];
        Arrays.setAll(seeds, i -> i + 1L);
        seeds[23] = System.nanoTime();
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachTransactionDoesWhatItsPreparationSaid(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < REQUESTS; i++) {
            long session = SESSIONS.get(random.nextInt(SESSIONS.size()));
            ClientRequest.Part request = request(random);
            LoggedTxn txn = given.prepare(session, request.op(), request.body());
            ahead.add(new Ahead(txn, given.preparer.foreseen()));
            int keep = random.nextInt(MOST_AHEAD);
            while (ahead.size() > keep) {
                applyOne("seed " + seed + " request " + i);
            }
        }
        while (!ahead.isEmpty()) {
            applyOne("seed " + seed + " at the end");
        }
        assertThat(foreseen).as("seed %d: changes that were foreseen", seed).isPositive();
    }

    private void applyOne(String where) {
        Ahead first = ahead.removeFirst();
        LoggedTxn txn = first.txn();
        long before = given.tree.digest();
        ApplyResult result = given.apply(txn, first.foreseen());
        String what = where + ": " + txn;
        foreseen += first.foreseen() == null ? 0 : 1;
        assertThat(twin.apply(txn)).as(what).usingRecursiveComparison().isEqualTo(result);
        assertThat(twin.tree.digest()).as(what).isEqualTo(given.tree.digest());
        assertThat(twin.tree.approximateDataSize()).as(what).isEqualTo(given.tree.approximateDataSize());
        if (txn.digest() == null) {
            assertThat(result.refused()).as(what).isTrue();
            assertThat(given.tree.digest()).as(what).isEqualTo(before);
            return;
        }
        assertThat(txn.digest().treeDigest()).as(what).isEqualTo(given.tree.digest());
        assertThat(result.error()).as(what).isZero();
        if (!result.refused()) {
            assertThat(result.parts()).as(what).allMatch(part -> part.error() == 0);
        }
    }

    private static ClientRequest.Part request(Random random) {
        int dice = random.nextInt(100);
        if (dice < 3) {
            return part(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
        }
        if (dice < 6) {
            return part(OpCode.CREATE_SESSION, new ClientRequest.CreateSession(1000));
        }
        if (dice < 12) {
            return part(OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly(path(random)));
        }
        if (dice < 18) {
            List<Acl> acl = random.nextInt(6) == 0 ? Acl.READ_ONLY : Acl.OPEN;
            return part(OpCode.SET_ACL, new ClientRequest.SetAcl(path(random), acl, -1));
        }
        if (dice < 35) {
            List<ClientRequest.Part> parts = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                parts.add(single(random));
            }
            return part(OpCode.MULTI, new ClientRequest.Multi(parts));
        }
        return single(random);
    }

    private static ClientRequest.Part single(Random random) {
        byte[] data = random.nextInt(5) == 0 ? null : bytes("x".repeat(random.nextInt(30)));
        int version = random.nextInt(4) == 0 ? random.nextInt(3) : -1;
        switch (random.nextInt(10)) {
            case 0, 1:
                return part(OpCode.SET_DATA, new ClientRequest.SetData(path(random), data, version));
            case 2, 3:
                return part(OpCode.DELETE, new ClientRequest.Delete(path(random), version));
            case 4:
                return part(OpCode.CHECK, new ClientRequest.Check(path(random), version));
            case 5:
                return part(OpCode.CREATE_CONTAINER, new ClientRequest.Create(path(random), data, Acl.OPEN, 4));
            case 6:
                return part(OpCode.CREATE_TTL, new ClientRequest.CreateTtl(path(random), data, Acl.OPEN, 5, 10));
            case 7:
                String step = QUOTA_STEPS.get(random.nextInt(QUOTA_STEPS.size()));
                return part(OpCode.CREATE, new ClientRequest.Create(step, bytes("count=-1,bytes=-1"), Acl.OPEN, 0));
            default:
                return part(OpCode.CREATE2, new ClientRequest.Create(path(random), data, Acl.OPEN, random.nextInt(4)));
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }
}
