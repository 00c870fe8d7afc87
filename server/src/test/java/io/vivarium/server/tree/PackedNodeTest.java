/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedNodeTest {
    private static final long[] LONGS = {
        0,
        1,
        -1,
        127,
        128,
        16_383,
        16_384,
        0xffff_ffffL,
        0x5_0000_0001L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0xff00_0000_0000_0005L
    };
    private static final int[] INTS = {0, 1, -1, 127, 128, Integer.MAX_VALUE, Integer.MIN_VALUE};

    @Test
    void opensToWhatItWasPackedFrom() {
        Random random = new Random(11);
        JuteWriter out = new JuteWriter(256);
        for (int i = 0; i < 20_000; i++) {
            StoredStat stat = new StoredStat(
                    any(random),
                    any(random),
                    any(random),
                    any(random),
                    anyInt(random),
                    anyInt(random),
                    anyInt(random),
                    any(random),
                    any(random));
            OwnerKind kind = OwnerKind.of(stat.ephemeralOwner(), new OwnerKind.Rules(true, false));
            byte[] name = new byte[random.nextInt(i % 50 == 0 ? 20_000 : 20)];
            random.nextBytes(name);
            byte[] data = random.nextInt(5) == 0 ? null : new byte[random.nextInt(5) == 0 ? 0 : random.nextInt(200)];
            NodeFields fields =
                    new NodeFields().name(name, 0, name.length).stat(stat, kind).data(data);
            fields.aclId = random.nextInt(6) - 1L;

            byte[] packed = fields.pack();
            Znode node = Znode.of(packed);
            assertThat(node.storedStat()).isEqualTo(stat);
            assertThat(node.aclId()).isEqualTo(fields.aclId);
            assertThat(node.kind()).isEqualTo(kind);
            assertThat(node.data()).isEqualTo(data);
            assertThat(PackedNode.nameLength(packed)).isEqualTo(name.length);
            assertThat(packed).startsWith(new NodeFields().unpack(packed).pack());

            out.clear();
            node.writeDataAndStat(out);
            JuteReader in = new JuteReader(out.view(), 1 << 20);
            assertThat(in.readBuffer()).isEqualTo(data);
            assertThat(Stat.read(in)).isEqualTo(stat.toStat(data == null ? 0 : data.length, 0, kind));
            assertThat(in.remaining()).isZero();

            byte[] behindData = out.toByteArray(Integer.BYTES + (data == null ? 0 : data.length), out.size());
            out.clear();
            node.writeStat(out);
            assertThat(out.toByteArray()).isEqualTo(behindData);
        }
    }

    @Test
    void aStateOfTheSameSizeIsWrittenOverTheOneBefore() {
        Random random = new Random(12);
        NodeFields fields = new NodeFields();
        int over = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] name = new byte[random.nextInt(20)];
            random.nextBytes(name);
            fields.name(name, 0, name.length)
                    .created(
                            1 + random.nextInt(300),
                            1 + random.nextInt(300),
                            random.nextInt(6),
                            0,
                            OwnerKind.PERSISTENT)
                    .data(new byte[random.nextInt(4)]);
            fields.version = 1;
            fields.mzxid++;
            byte[] packed = fields.pack();
            // Changes of data, and of the rest while the data stays where it is.
            fields.unpack(packed);
            if (random.nextBoolean()) {
                byte[] data = new byte[random.nextInt(4)];
                random.nextBytes(data);
                fields.data(data);
                fields.mzxid = 1L + random.nextInt(300);
            }
            fields.version = random.nextInt(300);
            fields.cversion = random.nextInt(2);
            fields.aclId = random.nextInt(6);
            byte[] expected = fields.pack();
            byte[] after = fields.packOver(packed);
            assertThat(after).isEqualTo(expected);
            assertThat(after == packed).isEqualTo(expected.length == packed.length);
            over += after == packed ? 1 : 0;
        }
        assertThat(over).isGreaterThan(1_000);
    }

    @Test
    void dataIsWrittenOverByEveryLaterDataOfTheSameLength() {
        byte[] name = new byte[10];
        NodeFields fields = new NodeFields();
        byte[] packed = fields.name(name, 0, name.length)
                .created(77, 1_770_000_000_000L, PackedNode.COMMON_ACL, 0, OwnerKind.PERSISTENT)
                .data(new byte[100])
                .pack();
        byte[] first = packed;
        for (int version = 1; version < 1 << 21; version += 999) {
            fields.unpack(packed).data(new byte[100]);
            fields.version = version;
            fields.mzxid = 0x7_0000_0000L + version;
            fields.mtime = fields.ctime + version * 15_000L;
            packed = fields.packOver(packed);
            assertThat(packed).as("version %d", version).isSameAs(first);
            assertThat(PackedNode.stat(packed, 0).version()).isEqualTo(version);
            assertThat(PackedNode.stat(packed, 0).mzxid()).isEqualTo(fields.mzxid);
            assertThat(PackedNode.stat(packed, 0).mtime()).isEqualTo(fields.mtime);
        }
    }

    @Test
    void ordinaryNodesHaveLittleInFrontOfTheirData() {
        byte[] name = new byte[10];
        NodeFields fields = new NodeFields()
                .name(name, 0, name.length)
                .created(0x1_0012_3456L, 1_770_000_000_000L, PackedNode.COMMON_ACL, 0, OwnerKind.PERSISTENT);
        assertThat(fields.data(new byte[0]).pack().length - name.length).isLessThanOrEqualTo(14);
        assertThat(fields.data(new byte[100]).pack().length - 100 - name.length).isLessThanOrEqualTo(27);
    }

    private static long any(Random random) {
        return random.nextInt(3) == 0 ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
    }

    private static int anyInt(Random random) {
        return INTS[random.nextInt(INTS.length)];
    }
}
