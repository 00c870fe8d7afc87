/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The connect exchange of every client generation, re-attach and the invalid session (spec 2), frame limits (spec 1). */
class HandshakeContractIT extends ContractSuite {
    private static final byte[] ZERO_PASSWORD = new byte[ConnectReply.PASSWORD_BYTES];

    @Override
    void write(Scripts scripts) {
        generations(scripts);
        negotiation(scripts);
        oddities(scripts);
        framing(scripts);
        limits(scripts);
        reattach(scripts);
        invalidSessions(scripts);
    }

    private static ConnectRequest request(long lastZxid, int timeout, byte @Nullable [] password, boolean hasByte) {
        return new ConnectRequest(0, lastZxid, timeout, 0, password, false, hasByte);
    }

    private static void generations(Scripts scripts) {
        scripts.script("a request with the read-only byte gets an answer with it, 45 and 37 bytes", s -> {
            s.connect("a", request(0, 10_000, ZERO_PASSWORD, true)).ping();
        });
        scripts.script("a request without the read-only byte gets an answer without it, 44 and 36 bytes", s -> {
            s.connect("a", request(0, 10_000, ZERO_PASSWORD, false)).ping();
        });
        scripts.script("a client that allows read-only servers is told that this one is not", s -> {
            s.connect("a", new ConnectRequest(0, 0, 10_000, 0, ZERO_PASSWORD, true, true))
                    .ping();
        });
        scripts.script("bytes behind the read-only byte are ignored", s -> {
            byte[] body = request(0, 10_000, ZERO_PASSWORD, true).toBytes();
            s.open("a")
                    .handshake("connect with a tail", Arrays.copyOf(body, body.length + 9))
                    .ping();
        });
        scripts.script("the protocol version of the client does not matter", s -> {
            s.connect("a", new ConnectRequest(7, 0, 10_000, 0, ZERO_PASSWORD, false, true))
                    .ping();
            s.connect("b", new ConnectRequest(-1, 0, 10_000, 0, ZERO_PASSWORD, false, true))
                    .ping();
        });
    }

    private static void negotiation(Scripts scripts) {
        for (int timeout :
                new int[] {Integer.MIN_VALUE, -1, 0, 1, 3_999, 4_000, 12_345, 40_000, 40_001, 1_000_000_000}) {
            scripts.script("a timeout of " + timeout + " ms is negotiated", s -> s.connect("a", timeout));
        }
        scripts.script("a last zxid ahead of the server's is closed without a word", s -> {
            Session a = s.connect("a");
            long zxid = a.ping().zxid();
            s.open("b").handshake(request(zxid + 1_000, 10_000, ZERO_PASSWORD, true));
            s.open("c").handshake(request(Long.MAX_VALUE, 10_000, ZERO_PASSWORD, true));
            a.ping();
        });
        scripts.script("a last zxid that the server knows, or a negative one, is welcome", s -> {
            Session a = s.connect("a");
            long zxid = a.ping().zxid();
            s.connect("b", request(zxid, 10_000, ZERO_PASSWORD, true));
            s.connect("c", request(-1, 10_000, ZERO_PASSWORD, true));
            s.connect("d", request(Long.MIN_VALUE, 10_000, ZERO_PASSWORD, true));
        });
        scripts.script("an old session with a last zxid ahead is closed too, and its owner stays", s -> {
            Session a = s.connect("a");
            long zxid = a.ping().zxid();
            s.connect("b", new ConnectRequest(0, zxid + 1_000, 10_000, a.id(), a.password(), false, true));
            a.ping();
        });
    }

    private static void oddities(Scripts scripts) {
        scripts.script("the password of a new session is not looked at", s -> {
            s.connect("none", request(0, 10_000, null, true)).ping();
            s.connect("empty", request(0, 10_000, new byte[0], true)).ping();
            s.connect("long", request(0, 10_000, new byte[100], true)).ping();
        });
        for (int length : new int[] {0, 1, 23, 24, 27, 43}) {
            scripts.script("a connect request of " + length + " bytes is closed", s -> {
                byte[] body = request(0, 10_000, ZERO_PASSWORD, true).toBytes();
                s.open("a").handshake("connect", Arrays.copyOf(body, length));
            });
        }
        scripts.script("a password length that cannot be is closed", s -> {
            for (int length : new int[] {-2, 17, 1_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                byte[] body = request(0, 10_000, ZERO_PASSWORD, false).toBytes();
                ByteBuffer.wrap(body).putInt(24, length);
                s.open("length" + length).handshake("connect", body);
            }
        });
        scripts.script("a second connect request is read as a request header", s -> {
            Session a = s.connect("a");
            byte[] body = request(0, 10_000, ZERO_PASSWORD, true).toBytes();
            a.sendBytes("connect again", WireClient.frame(out -> out.writeBytes(body, 0, body.length)));
            a.awaitClosed();
        });
        scripts.script("a connection that says nothing and leaves costs nothing", s -> {
            s.open("a").drop();
            s.connect("b").ping();
        });
    }

    private static void framing(Scripts scripts) {
        scripts.script("a pipelined burst behind the connect request keeps its order", s -> {
            Session a = s.open("a");
            byte[] body = Session.newSession(10_000).toBytes();
            a.hold(WireClient.frame(out -> out.writeBytes(body, 0, body.length)));
            a.sendTogether(() -> {
                a.create("~/x", "");
                a.getData("~/x");
                a.ping();
                a.delete("~/x", 0);
            });
            a.readConnected();
            a.awaitReplies();
        });
        scripts.script("frames that arrive byte by byte are put together", s -> {
            Session a = s.open("a");
            byte[] body = Session.newSession(10_000).toBytes();
            a.dribble("connect", WireClient.frame(out -> out.writeBytes(body, 0, body.length)));
            a.readConnected();
            a.dribbled(() -> {
                a.create("~/x", "hi");
                a.getData("~/x");
            });
        });
        scripts.script("an empty frame after the handshake", s -> {
            Session a = s.connect("a");
            a.sendBytes("frame of no bytes", new byte[4]);
            a.awaitClosed();
        });
        scripts.script("a frame shorter than a header", s -> {
            Session a = s.connect("a");
            a.sendBytes("frame of 7 bytes", WireClient.frame(out -> out.writeBytes(new byte[7], 0, 7)));
            a.awaitClosed();
        });
        scripts.script("a half-closed connection", s -> {
            Session a = s.connect("a");
            a.halfClose();
            a.awaitClosed();
        });
    }

    private static void limits(Scripts scripts) {
        scripts.script("a frame of 0xfffff bytes is taken", s -> {
            Session a = s.connect("a");
            a.callRaw("padded to the limit", OpCode.EXISTS, out -> {
                out.writeRecord(new ClientRequest.Read(s.lens().expand("~"), false));
                out.writeBytes(new byte[0xfffff], 0, 0xfffff - 8 - (out.size() - 12));
            });
            a.ping();
        });
        scripts.script("a frame of 0x100000 bytes closes the connection at its length", s -> {
            Session a = s.connect("a");
            a.sendBytes(
                    "length 0x100000", ByteBuffer.allocate(4).putInt(0x100000).array());
            a.awaitClosed();
        });
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            scripts.script("a frame length of " + length + " closes the connection", s -> {
                Session a = s.connect("a");
                a.sendBytes("length", ByteBuffer.allocate(4).putInt(length).array());
                a.awaitClosed();
                s.open("first")
                        .sendBytes(
                                "length", ByteBuffer.allocate(4).putInt(length).array());
            });
        }
        scripts.script("a first frame above the limit closes the connection", s -> {
            Session a = s.open("a");
            a.sendBytes(
                    "length 0x100000", ByteBuffer.allocate(4).putInt(0x100000).array());
            a.awaitClosed();
        });
        scripts.script("an unknown four-letter word is an illegal length", s -> {
            Session a = s.open("a");
            a.sendBytes("zzzz", new byte[] {'z', 'z', 'z', 'z'});
            a.awaitClosed();
            Session b = s.open("b");
            b.sendBytes("RUOK", new byte[] {'R', 'U', 'O', 'K'});
            b.awaitClosed();
        });
        scripts.script("a four-letter word after the handshake is an illegal length", s -> {
            Session a = s.connect("a");
            a.sendBytes("srvr", new byte[] {'s', 'r', 'v', 'r'});
            a.awaitClosed();
        });
        scripts.script("replies are not limited by the request limit", s -> {
            Session a = s.connect("a");
            a.create("~/p", "");
            String filler = "x".repeat(5_000);
            a.pipelined(() -> {
                for (int i = 0; i < 250; i++) {
                    a.create("~/p/" + filler + i, "");
                }
            });
            int bytes = a.getChildren("~/p").body().length;
            s.forget();
            s.note("reply bytes: " + bytes);
        });
    }

    private static void reattach(Scripts scripts) {
        scripts.script("a session goes on over another connection, with its new timeout", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.drop();
            Session b = s.connect("b", new ConnectRequest(0, 0, 12_000, a.id(), a.password(), false, true));
            b.exists("~/e");
            b.getEphemerals("/");
        });
        scripts.script("a re-attach without the read-only byte is answered without it", s -> {
            Session a = s.connect("a");
            a.drop();
            s.connect("b", new ConnectRequest(0, 0, 12_000, a.id(), a.password(), false, false))
                    .ping();
        });
        scripts.script("a live connection of the session is closed by the new one", s -> {
            Session a = s.connect("a");
            Session b = s.reattach("b", a);
            a.awaitClosed();
            b.ping();
            b.create("~/x", "");
        });
        scripts.script("watches and logins do not move to the new connection", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.getDataWatched("~/x");
            a.auth("digest", "bob:pw");
            a.drop();
            Session b = s.reattach("b", a);
            b.whoAmI();
            b.setData("~/x", "", -1);
            b.ping();
        });
        scripts.script("a re-attach takes no zxid", s -> {
            Session a = s.connect("a");
            a.drop();
            s.reattach("b", a).ping();
        });
    }

    private static void invalidSessions(Scripts scripts) {
        scripts.script("an unknown session is told so in zeros and closed", s -> {
            Session a = s.reattach("a", 0x1234_5678L, SessionPassword.of(0x1234_5678L));
            a.awaitClosed();
        });
        scripts.script("an unknown session without the read-only byte is told so in 36 bytes", s -> {
            Session a = s.connect("a", new ConnectRequest(0, 0, 9_000, 77, SessionPassword.of(77), false, false));
            a.awaitClosed();
        });
        scripts.script("a wrong password is an invalid session", s -> {
            Session a = s.connect("a");
            a.drop();
            s.reattach("b", a.id(), Stage.wrongPassword()).awaitClosed();
            s.reattach("c", a).ping();
        });
        scripts.script("a missing, empty or short password is an invalid session", s -> {
            Session a = s.connect("a");
            a.drop();
            s.connect("none", new ConnectRequest(0, 0, 9_000, a.id(), null, false, true))
                    .awaitClosed();
            s.reattach("empty", a.id(), new byte[0]).awaitClosed();
            s.reattach("short", a.id(), Arrays.copyOf(a.password(), 15)).awaitClosed();
            s.reattach("long", a.id(), Arrays.copyOf(a.password(), 17)).awaitClosed();
        });
        scripts.script("a closed session is invalid", s -> {
            Session a = s.connect("a");
            a.closeSession();
            a.awaitClosed();
            s.reattach("b", a).awaitClosed();
        });
    }
}
