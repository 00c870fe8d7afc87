/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden bytes of spec client-protocol 14, and the allowances of 2.1 and 4.3. */
class ClientRecordsTest {
    private static final String NO_PASSWORD = "00000010" + "00".repeat(16);

    @Test
    void aConnectRequestCarriesTheReadOnlyByteOrNot() {
        String without = "000000000000000000000000" + "00000bb8" + "0000000000000000" + NO_PASSWORD;
        ConnectRequest old = ConnectRequest.read(JuteReader.of(bytes(without)));
        assertThat(old.hasReadOnlyByte()).isFalse();
        assertThat(old.timeoutMillis()).isEqualTo(3000);
        assertThat(hex(old)).isEqualTo(without);
        ConnectRequest current = ConnectRequest.read(JuteReader.of(bytes(without + "01")));
        assertThat(current.hasReadOnlyByte()).isTrue();
        assertThat(current.readOnly()).isTrue();
        assertThat(hex(current)).isEqualTo(without + "01");
    }

    @Test
    void aConnectReplyIs36Or37Bytes() {
        byte[] password = bytes("71500fece537a2c757ec7e774d50f3db");
        ConnectReply reply = ConnectReply.accepted(3000, 0x100000deb700029L, password, false, true);
        assertThat(hex(reply))
                .isEqualTo("00000000" + "00000bb8" + "0100000deb700029" + "00000010"
                        + "71500fece537a2c757ec7e774d50f3db" + "00");
        assertThat(ConnectReply.invalidSession(false, false).toBytes()).hasSize(36);
    }

    @Test
    void createAsCaptured() {
        ClientRequest.Create create = new ClientRequest.Create("/cap", new byte[] {0x68, 0x69}, Acl.OPEN, 0);
        assertThat(hex(create))
                .isEqualTo("00000004" + "2f636170" + "00000002" + "6869" + "00000001" + "0000001f"
                        + "00000005776f726c64" + "00000006616e796f6e65" + "00000000");
    }

    @Test
    void multiAsCaptured() {
        String wire = "0000000100ffffffff" + "000000062f6361702f61" + "0000000178" + "00000001" + "0000001f"
                + "00000005776f726c64" + "00000006616e796f6e65" + "00000000"
                + "0000000d00ffffffff" + "000000042f636170" + "00000009"
                + "0000000200ffffffff" + "000000062f6361702f61" + "ffffffff"
                + "ffffffff01ffffffff";
        ClientRequest.Multi multi = ClientRequest.Multi.read(JuteReader.of(bytes(wire)), false);
        assertThat(multi.parts()).extracting(ClientRequest.Part::op).containsExactly(1, 13, 2);
        assertThat(hex(multi)).isEqualTo(wire);
    }

    @Test
    void aMultiTakesNoReadsAndAMultiReadNoWrites() {
        ClientRequest.Multi reads = new ClientRequest.Multi(
                List.of(new ClientRequest.Part(OpCode.GET_DATA, new ClientRequest.Read("/a", false))));
        byte[] wire = reads.toBytes();
        assertThat(ClientRequest.Multi.read(JuteReader.of(wire), true)).isEqualTo(reads);
        assertThatThrownBy(() -> ClientRequest.Multi.read(JuteReader.of(wire), false))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("getData");
    }

    @Test
    void aMultiWithAnUnknownCreateFlagIsRefusedWhole() {
        ClientRequest.Multi multi = new ClientRequest.Multi(
                List.of(new ClientRequest.Part(OpCode.CREATE, new ClientRequest.Create("/a", null, Acl.OPEN, 7))));
        assertThatThrownBy(() -> ClientRequest.Multi.read(JuteReader.of(multi.toBytes()), false))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("flags 7");
    }

    @Test
    void opcodesThatNoClientMaySendHaveNoBody() {
        for (int op :
                new int[] {OpCode.ERROR, OpCode.NOTIFICATION, OpCode.CREATE_SESSION, OpCode.CHECK, 10, 23, 1000}) {
            assertThat(ClientRequest.read(op, JuteReader.of(new byte[64])))
                    .as("op %s", op)
                    .isNull();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(JuteRecord jute) {
        return HexFormat.of().formatHex(jute.toBytes());
    }
}
