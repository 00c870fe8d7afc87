/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Stat;
import org.junit.jupiter.api.Test;

/** A new database, spec persistence 4.3 and client-protocol 6. */
class FreshTreeTest {
    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);

    @Test
    void hasTheDigestThatStockServersComputeForIt() {
        assertThat(tree.digest()).isEqualTo(0x51c6d660L);
    }

    @Test
    void holdsTheFourNodesThatNoTransactionMade() {
        assertThat(tree.nodeCount()).isEqualTo(4);
        assertThat(tree.approximateDataSize()).isEqualTo(44);
        assertThat(tree.countDescendants("/")).isEqualTo(3);
        assertThat(tree.lastZxid()).isZero();
        assertThat(stat("/")).isEqualTo(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0));
        assertThat(stat("/zookeeper")).isEqualTo(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0));
        assertThat(stat("/zookeeper/quota")).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(stat("/zookeeper/config")).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0));
    }

    @Test
    void opensAllButTheConfiguration() {
        assertThat(node("/").aclId()).isEqualTo(AclTable.OPEN);
        assertThat(node("/zookeeper").aclId()).isEqualTo(AclTable.OPEN);
        assertThat(node("/zookeeper/quota").aclId()).isEqualTo(AclTable.OPEN);
        assertThat(node("/zookeeper/config").aclId()).isEqualTo(1);
        assertThat(tree.acl(node("/zookeeper/config"))).isEqualTo(Acl.READ_ONLY);
        assertThat(tree.acl(node("/"))).isEqualTo(Acl.OPEN);
        assertThat(node("/zookeeper/config").data()).isEmpty();
    }

    @Test
    void findsTheRootUnderTheEmptyPathAndNothingUnderMalformedOnes() {
        assertThat(stat("")).isEqualTo(stat("/"));
        for (String path :
                new String[] {"zookeeper", "/zookeeper/", "//zookeeper", "//", "/zookeeper//quota", "a", "/é"}) {
            assertThat(tree.find(path)).as(path).isNull();
            byte[] utf8 = path.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(tree.find(utf8, 0, utf8.length)).as(path).isNull();
        }
    }

    private Stat stat(String path) {
        return node(path).stat();
    }

    private Znode node(String path) {
        Znode node = tree.find(path);
        assertThat(node).as(path).isNotNull();
        return node;
    }
}
