/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec persistence 3, with captures of spec quorum 17. */
class LoggedTxnTest {
    private static final TxnHeader CREATE_HEADER =
            new TxnHeader(0x300000e9ac80000L, 1, 0x100000008L, 0x1a1fbbf6b0aL, OpCode.CREATE);

    @Test
    void createAsCaptured() {
        String wire = "0300000e9ac80000" + "00000001" + "0000000100000008" + "000001a1fbbf6b0a" + "00000001"
                + "000000022f63" + "0000000476696133" + "00000001" + "0000001f" + "00000005776f726c64"
                + "00000006616e796f6e65" + "00" + "00000003" + "00000002" + "00000001f83c36bb";
        LoggedTxn txn = read(HexFormat.of().parseHex(wire));
        assertThat(txn.header()).isEqualTo(CREATE_HEADER);
        Txn.Create create = (Txn.Create) txn.body();
        assertThat(create.path()).isEqualTo("/c");
        assertThat(create.parentCversion()).isEqualTo(3);
        assertThat(txn.digest()).isEqualTo(new TxnDigest(2, 0x1f83c36bbL));
        assertThat(HexFormat.of().formatHex(txn.toBytes())).isEqualTo(wire);
    }

    @Test
    void aCreateWithoutParentCversionIsTheFormBefore34() {
        Txn.Create create = new Txn.Create("/old", new byte[] {1}, Acl.OPEN, false, 7);
        byte[] whole = new LoggedTxn(CREATE_HEADER, create, null).toBytes();
        LoggedTxn read = read(Arrays.copyOf(whole, whole.length - 4));
        assertThat(((Txn.Create) read.body()).parentCversion()).isEqualTo(-1);
    }

    @Test
    void aCloseSessionMayHaveNoListOrOnlyADigest() {
        TxnHeader header = new TxnHeader(5, 0, 9, 1, OpCode.CLOSE_SESSION);
        assertThat(read(header.toBytes()).body()).isEqualTo(new Txn.CloseSession(null));
        TxnDigest digest = new TxnDigest(2, 0x77);
        LoggedTxn bare = read(new LoggedTxn(header, new Txn.CloseSession(null), digest).toBytes());
        assertThat(bare.body()).isEqualTo(new Txn.CloseSession(null));
        assertThat(bare.digest()).isEqualTo(digest);
        LoggedTxn listed = new LoggedTxn(header, new Txn.CloseSession(List.of("/e1", "/e2")), digest);
        assertThat(read(listed.toBytes())).isEqualTo(listed);
    }

    @Test
    void aRefusedMultiKeepsItsPartsAndSaysSo() {
        Txn.Multi multi = new Txn.Multi(List.of(
                new Txn.Part(OpCode.DELETE, new Txn.Delete("/a")),
                new Txn.Part(OpCode.ERROR, new Txn.Refusal(-103)),
                new Txn.Part(OpCode.ERROR, new Txn.Refusal(-2))));
        LoggedTxn txn = new LoggedTxn(new TxnHeader(5, 0, 9, 1, OpCode.MULTI), multi, new TxnDigest(2, 1));
        LoggedTxn read = read(txn.toBytes());
        assertThat(read).isEqualTo(txn);
        assertThat(((Txn.Multi) read.body()).isRefused()).isTrue();
    }

    @Test
    void aRefusedPartMayCarryTheBytesOfTheOriginalOperation() {
        Txn.Multi multi = new Txn.Multi(List.of(new Txn.Part(OpCode.ERROR, new Txn.Delete("/a"))));
        LoggedTxn txn = new LoggedTxn(new TxnHeader(5, 0, 9, 1, OpCode.MULTI), multi, null);
        Txn.Multi read = (Txn.Multi) read(txn.toBytes()).body();
        assertThat(read.isRefused()).isTrue();
    }

    @Test
    void aLoneCheckCanBeReadByNobody() {
        TxnHeader header = new TxnHeader(5, 0, 9, 1, OpCode.CHECK);
        assertThatThrownBy(() -> read(new LoggedTxn(header, new Txn.Check("/a", 1), null).toBytes()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("Unsupported Txn with type=13");
    }

    @Test
    void everyShorterPayloadIsTruncatedOrAnOlderForm() {
        byte[] whole = new LoggedTxn(CREATE_HEADER, new Txn.SetData("/a", new byte[20], 4), null).toBytes();
        byte[] setData = whole.clone();
        ByteBuffer.wrap(setData).putInt(TxnHeader.SIZE - 4, OpCode.SET_DATA);
        for (int length = 0; length < setData.length; length++) {
            byte[] cut = Arrays.copyOf(setData, length);
            assertThatThrownBy(() -> read(cut))
                    .as("cut to %s bytes", length)
                    .isInstanceOfSatisfying(MalformedDataException.class, e -> assertThat(e.kind())
                            .isEqualTo(MalformedDataException.Kind.TRUNCATED));
        }
    }

    private static LoggedTxn read(byte[] payload) {
        return LoggedTxn.read(ByteBuffer.wrap(payload), 1 << 20);
    }
}
