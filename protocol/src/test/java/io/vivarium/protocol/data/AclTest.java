/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AclTest {
    private static byte[] wire(@Nullable List<Acl> acl) {
        JuteWriter out = new JuteWriter(64);
        out.writeRecords(acl);
        out.writeInt(7);
        return Arrays.copyOf(out.array(), out.size());
    }

    @Test
    void theOpenListMakesNoObjectsAndAnyOtherIsReadAsItIs() {
        JuteReader in = JuteReader.of(wire(Acl.OPEN));
        assertThat(Acl.readList(in)).isSameAs(Acl.OPEN);
        assertThat(in.readInt()).isEqualTo(7);
        for (List<Acl> other : List.of(
                Acl.READ_ONLY,
                List.<Acl>of(),
                List.of(new Acl(Acl.ALL, Id.ANYONE), new Acl(Acl.READ, new Id("ip", "10.0.0.1"))),
                List.of(new Acl(Acl.ALL, new Id("world", "anyonf"))))) {
            in = JuteReader.of(wire(other));
            assertThat(Acl.readList(in)).isEqualTo(other);
            assertThat(in.readInt()).isEqualTo(7);
        }
        in = JuteReader.of(wire(null));
        assertThat(Acl.readList(in)).isNull();
        assertThat(in.readInt()).isEqualTo(7);
    }

    @Test
    void theOpenListIsReadFromBytesOfAnyKind() {
        ByteBuffer direct = ByteBuffer.allocateDirect(100).put(wire(Acl.OPEN)).flip();
        assertThat(Acl.readList(new JuteReader(direct, 100))).isEqualTo(Acl.OPEN);
        ByteBuffer within =
                ByteBuffer.allocate(100).position(3).put(wire(Acl.OPEN)).flip().position(3);
        JuteReader in = new JuteReader(within.slice(), 100);
        assertThat(Acl.readList(in)).isSameAs(Acl.OPEN);
        assertThat(in.readInt()).isEqualTo(7);
    }
}
