/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.net.HistoryOutlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps what was sent on a link, as packets and as the bytes of the wire. Thread: one at a time. */
class RecordedOutlet implements HistoryOutlet {
    final List<QuorumPacket> packets = new ArrayList<>();
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    volatile String failure = "";
    volatile boolean ended;

    @Override
    public void send(QuorumPacket packet) throws IOException {
        packets.add(packet);
        JuteWriter out = new JuteWriter(64);
        packet.write(out);
        wire.write(out.array(), 0, out.size());
    }

    @Override
    public OutputStream image() {
        return wire;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void fail(String reason) {
        failure = reason;
    }

    String hex() {
        return HexFormat.of().formatHex(wire.toByteArray());
    }
}
