/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.ClientRequest.Multi;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kind of create a part of a multi is (spec client-protocol 4.3). */
class MultiPartsTest {
    private static final byte[] NO_DATA = new byte[0];

    private static Part read(Part sent) {
        byte[] bytes = new Multi(List.of(sent)).toBytes();
        return Multi.read(JuteReader.of(bytes), false).parts().get(0);
    }

    private static Part create(int op, @Nullable String path, int flags) {
        return new Part(op, new ClientRequest.Create(path, NO_DATA, Acl.OPEN, flags));
    }

    private static Part createTtl(int flags) {
        return new Part(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/x", NO_DATA, Acl.OPEN, flags, 7));
    }

    @ParameterizedTest(name = "type {0} with flags {1} is type {2}")
    @CsvSource({"1,0,1", "1,3,1", "1,4,19", "15,0,15", "15,3,15", "15,4,19", "19,0,19", "19,3,19", "19,4,19"})
    void container_flags_make_a_container_whatever_the_type(int sent, int flags, int read) {
        assertThat(read(create(sent, "/x", flags)).op()).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, 6, 7, Integer.MAX_VALUE})
    void flags_that_a_create_cannot_have_spoil_the_multi(int flags) {
        for (int op : new int[] {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER}) {
            assertThatThrownBy(() -> read(create(op, "/x", flags)))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("create flags " + flags);
        }
    }

    @ParameterizedTest(name = "createTTL with flags {0} is type {1}")
    @CsvSource({"0,1", "1,1", "2,1", "3,1", "4,19", "5,21", "6,21", "7,21", "-1,21"})
    void create_ttl_without_a_ttl_flag_is_an_ordinary_create(int flags, int read) {
        Part part = read(createTtl(flags));
        assertThat(part.op()).isEqualTo(read);
        assertThat(part.body() instanceof ClientRequest.CreateTtl).isEqualTo(read == OpCode.CREATE_TTL);
    }

    @Test
    void a_null_path_spoils_the_multi() {
        List<Part> parts = List.of(
                create(OpCode.CREATE, null, 0),
                new Part(OpCode.DELETE, new ClientRequest.Delete(null, -1)),
                new Part(OpCode.SET_DATA, new ClientRequest.SetData(null, NO_DATA, -1)),
                new Part(OpCode.CHECK, new ClientRequest.Check(null, -1)));
        for (Part part : parts) {
            assertThatThrownBy(() -> read(part)).hasMessageContaining("null path in a part of a multi");
        }
    }

    @Test
    void a_null_path_spoils_a_multi_read() {
        byte[] bytes = new Multi(List.of(new Part(OpCode.GET_DATA, new ClientRequest.Read(null, false)))).toBytes();
        assertThatThrownBy(() -> Multi.read(JuteReader.of(bytes), true))
                .hasMessageContaining("null path in a part of a multi");
    }
}
