/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * A notification's body: {@code int type, int state, ustring path} (spec client-protocol 8.3). Servers always send
 * state 3, SyncConnected.
 */
public record WatchEvent(int type, int state, String path) implements JuteRecord {
    public static final int NODE_CREATED = 1;
    public static final int NODE_DELETED = 2;
    public static final int NODE_DATA_CHANGED = 3;
    public static final int NODE_CHILDREN_CHANGED = 4;
    public static final int STATE_SYNC_CONNECTED = 3;

    public static WatchEvent of(int type, String path) {
        return new WatchEvent(type, STATE_SYNC_CONNECTED, path);
    }

    public static WatchEvent read(JuteReader in) {
        return new WatchEvent(in.readInt(), in.readInt(), in.readRequiredString());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(type);
        out.writeInt(state);
        out.writeString(path);
    }
}
