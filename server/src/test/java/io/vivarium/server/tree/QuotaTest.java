/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec client-protocol 11. */
class QuotaTest {
    private static final String STATS = "/zookeeper/quota/app/zookeeper_stats";

    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final TxnApplier applier = new TxnApplier(tree, new RecordedSessions());
    private long zxid;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count=5,bytes=10 | 5 | 10 | -1 | -1",
                "count=5,bytes=10=;byteHardLimit=100;countHardLimit=7 | 5 | 10 | 7 | 100",
                "countHardLimit=7;;,bytes= | -1 | -1 | 7 | -1",
                "bytes=12 | -1 | 12 | -1 | -1",
                "rubbish,count=x,=3 | -1 | -1 | -1 | -1",
            })
    void textIsReadAsStockReadsIt(String text, long count, long bytes, long countHard, long byteHard) {
        assertThat(QuotaText.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new QuotaText(count, bytes, countHard, byteHard));
    }

    @Test
    void textIsWrittenAsStockWritesIt() {
        assertThat(new String(new QuotaText(1, 2, -1, -1).encode(), StandardCharsets.UTF_8))
                .isEqualTo("count=1,bytes=2");
        assertThat(new String(new QuotaText(1, 2, 3, 4).encode(), StandardCharsets.UTF_8))
                .isEqualTo("count=1,bytes=2=;byteHardLimit=4;countHardLimit=3");
    }

    @Test
    void usageIsCountedAnewWhenStatsAreCreatedAndFollowsEachChange() {
        limits("count=10,bytes=100");
        create("/app/b", "xyz");
        assertThat(stats()).isEqualTo("count=3,bytes=5");
        apply(OpCode.SET_DATA, new Txn.SetData("/app/b", new byte[10], 1));
        assertThat(stats()).isEqualTo("count=3,bytes=12");
        apply(OpCode.DELETE, new Txn.Delete("/app/b"));
        assertThat(stats()).isEqualTo("count=2,bytes=2");
        create("/apple", "not below");
        assertThat(stats()).isEqualTo("count=2,bytes=2");
    }

    @Test
    void statsChangeNeitherTheirStatNorTheDigest() {
        limits("count=10,bytes=100");
        Stat before = tree.find(STATS).stat();
        create("/app/b", "x".repeat(90));
        Stat after = tree.find(STATS).stat();
        assertThat(after.mzxid()).isEqualTo(before.mzxid());
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.dataLength()).isEqualTo(before.dataLength() + 1);
    }

    @Test
    void hardLimitsAreStrictAndCountComesFirst() {
        limits("count=1,bytes=1=;byteHardLimit=10;countHardLimit=3");
        QuotaIndex quotas = tree.quotas();
        assertThat(quotas.allows("/app/b", 8, 1)).isTrue();
        assertThat(quotas.checkHard("/app/b", 9, 1))
                .isEqualTo(new QuotaVerdict(QuotaVerdict.Kind.BYTES_EXCEEDED, "/app", 10, 11));
        create("/app/b", "");
        assertThat(quotas.checkHard("/app/c", 9, 1))
                .isEqualTo(new QuotaVerdict(QuotaVerdict.Kind.COUNT_EXCEEDED, "/app", 3, 4));
        assertThat(quotas.allows("/app/b", 0, 0)).isTrue();
        assertThat(quotas.allows("/other", 1000, 1)).isTrue();
        assertThat(quotas.checkSoft("/app/c", 9, 1).isExceeded()).isFalse();
    }

    @Test
    void softLimitsAreReportedWhereNoHardOneStands() {
        limits("count=2,bytes=1=;byteHardLimit=1000");
        assertThat(tree.quotas().checkSoft("/app/c", 5, 1))
                .isEqualTo(new QuotaVerdict(QuotaVerdict.Kind.COUNT_EXCEEDED, "/app", 2, 3));
        assertThat(tree.quotas().checkSoft("/app/a", 5, 0).isExceeded()).isFalse();
    }

    @Test
    void theDeepestQuotaIsTheOnlyOneAndTheRootHasNone() {
        limits("count=1,bytes=-1=;countHardLimit=2");
        create("/zookeeper/quota/app/a", "");
        create("/zookeeper/quota/app/a/zookeeper_limits", "count=1,bytes=1=;countHardLimit=100");
        create("/zookeeper/quota/app/a/zookeeper_stats", "");
        assertThat(tree.quotas().allows("/app/a/x", 1, 1)).isTrue();
        assertThat(tree.quotas().allows("/app/y", 1, 1)).isFalse();
        create("/zookeeper/quota/zookeeper_limits", "count=0,bytes=0=;countHardLimit=0");
        create("/zookeeper/quota/zookeeper_stats", "");
        assertThat(tree.quotas().allows("/elsewhere", 1, 1)).isTrue();
        apply(OpCode.DELETE, new Txn.Delete("/zookeeper/quota/app/zookeeper_limits"));
        assertThat(tree.quotas().allows("/app/y", 1, 1)).isTrue();
    }

    @Test
    void whateverAClientWritesIntoTheNodesStopsNothing() {
        limits("count=1,bytes=1");
        apply(OpCode.SET_DATA, new Txn.SetData(STATS, new byte[] {(byte) 0xff, '=', ','}, 1));
        create("/app/b", "xy");
        assertThat(stats()).isEqualTo("count=1,bytes=2");
    }

    /** Three nodes of which /app and /app/a count, with two bytes. */
    private void limits(String text) {
        create("/app", "1");
        create("/app/a", "2");
        create("/zookeeper/quota/app", "");
        create("/zookeeper/quota/app/zookeeper_limits", text);
        create(STATS, "count=0,bytes=0");
        assertThat(stats()).isEqualTo("count=2,bytes=2");
    }

    private String stats() {
        return new String(tree.find(STATS).data(), StandardCharsets.UTF_8);
    }

    private void create(String path, String data) {
        apply(OpCode.CREATE, new Txn.Create(path, data.getBytes(StandardCharsets.UTF_8), Acl.OPEN, false, -1));
    }

    private void apply(int type, Txn body) {
        zxid++;
        assertThat(applier.apply(new TxnHeader(1, 1, zxid, zxid, type), body, null, ChangeListener.NONE)
                        .error())
                .isZero();
    }
}
