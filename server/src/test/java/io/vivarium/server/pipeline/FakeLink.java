/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.Identities;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client that writes down, as text, what it is sent; lines of one list are in the order in which they came. */
final class FakeLink implements ClientLink {
    final List<String> seen = new ArrayList<>();
    /** The bytes behind the header of the last reply. */
    byte[] lastBody = new byte[0];

    boolean open = true;
    long lastHeardNanos;
    Identities identities = GivenTree.CALLER;
    private long sessionId;

    @Override
    public void queue(Outgoing item) {
        if (!open) {
            return;
        }
        JuteWriter out = new JuteWriter(64);
        item.encode(out);
        JuteReader in = new JuteReader(ByteBuffer.wrap(out.toByteArray()), 1 << 20);
        while (in.remaining() > 0) {
            int end = in.readInt() + in.position();
            int xid = in.readInt();
            long zxid = in.readLong();
            int error = in.readInt();
            if (xid == SpecialXid.NOTIFICATION) {
                int type = in.readInt();
                in.readInt();
                seen.add("event " + type + " " + in.readString());
                continue;
            }
            seen.add("reply " + xid + " zxid " + zxid + " error " + error);
            lastBody = new byte[end - in.position()];
            for (int i = 0; i < lastBody.length; i++) {
                lastBody[i] = in.readByte();
            }
        }
        if (item.endsConnection()) {
            seen.add("end");
        }
    }

    @Override
    public void established(long id, ConnectReply reply) {
        sessionId = id;
        seen.add("established, timeout " + reply.timeoutMillis() + (reply.readOnly() ? ", read-only" : ""));
    }

    @Override
    public void refused(ConnectReply reply) {
        seen.add("refused, session " + reply.sessionId());
    }

    /** What was seen since this was asked last. */
    List<String> news() {
        List<String> news = List.copyOf(seen);
        seen.clear();
        return news;
    }

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public Identities identities() {
        return identities;
    }

    @Override
    public long lastHeardNanos() {
        return lastHeardNanos;
    }
}
