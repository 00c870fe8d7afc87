/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import java.nio.ByteBuffer;

/** A server with a small request limit and few connections for each address (spec 1, 9.6). */
class LimitsContractIT extends ContractSuite {
    private static final int MAX_BUFFER = 4_096;

    @Override
    ServerProfile profile() {
        return ServerProfile.named("limits")
                .property("jute.maxbuffer", Integer.toString(MAX_BUFFER))
                .config("maxClientCnxns", "3");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("the limit of a frame is inclusive", s -> {
            Session a = s.connect("a");
            a.callRaw("padded to the limit", OpCode.EXISTS, out -> {
                out.writeRecord(new ClientRequest.Read(a.path("~"), false));
                out.writeBytes(new byte[MAX_BUFFER], 0, MAX_BUFFER - (out.size() - 4));
            });
            a.sendBytes(
                    "a length above it",
                    ByteBuffer.allocate(4).putInt(MAX_BUFFER + 1).array());
            a.awaitClosed();
        });
        scripts.script("the connection beyond the limit of an address is closed", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            Session c = s.connect("c");
            s.connect("d");
            a.ping();
            b.ping();
            c.closeSession();
            c.awaitClosed();
        });
        scripts.script("replies may be larger than the limit", s -> {
            Session a = s.connect("a");
            for (int i = 0; i < 4; i++) {
                a.create("~/" + "x".repeat(2_000) + i, "");
            }
            int bytes = a.getChildren("~").body().length;
            s.forget();
            s.note("reply bytes: " + bytes);
        });
    }
}
