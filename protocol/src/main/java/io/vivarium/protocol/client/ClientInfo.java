/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** One identity of a connection as whoAmI shows it: {@code ustring authScheme, ustring user} (spec 10.3). */
public record ClientInfo(String authScheme, String user) implements JuteRecord {
    public static ClientInfo read(JuteReader in) {
        return new ClientInfo(in.readRequiredString(), in.readRequiredString());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeString(authScheme);
        out.writeString(user);
    }
}
