/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * Who: a name within an authentication scheme.
 *
 * <p>Wire: {@code ustring scheme, ustring id}. Either may be null on input (kazoo sends a null id for {@code auth},
 * spec client-protocol 13).
 */
public record Id(@Nullable String scheme, @Nullable String id) implements JuteRecord {
    public static final Id ANYONE = new Id("world", "anyone");

    public static Id read(JuteReader in) {
        return new Id(in.readString(), in.readString());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeString(scheme);
        out.writeString(id);
    }
}
