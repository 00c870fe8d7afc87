/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import java.util.List;

/** Xids, reply zxids, pings, unknown opcodes, order of replies, closeSession (spec 3, 4, 9.3). */
class HeaderContractIT extends ContractSuite {
    @Override
    void write(Scripts scripts) {
        xids(scripts);
        zxids(scripts);
        unknownOpcodes(scripts);
        order(scripts);
        closing(scripts);
    }

    private static void xids(Scripts scripts) {
        for (int xid : new int[] {0, 1, 7, Integer.MAX_VALUE, -3, -5, -11, -1000, Integer.MIN_VALUE, -8, -4, -2}) {
            scripts.script("xid " + xid + " is echoed", s -> {
                Session a = s.connect("a");
                a.withXid(xid).exists("~");
                a.withXid(xid).create("~/x", "");
                a.withXid(xid).exists("~");
            });
        }
        scripts.script("xid -1 is echoed, although it looks like a notification", s -> {
            Session a = s.connect("a");
            a.withXid(-1).exists("~");
        });
        scripts.script("a ping is answered with xid -2 whatever it asked with", s -> {
            Session a = s.connect("a");
            a.ping();
            a.withXid(5).call("", OpCode.PING, ClientRequest.Empty.INSTANCE);
            a.withXid(0).call("", OpCode.PING, ClientRequest.Empty.INSTANCE);
        });
        scripts.script("a ping with a body is a ping", s -> {
            Session a = s.connect("a");
            a.withXid(-2).callRaw("with a body", OpCode.PING, out -> out.writeLong(1));
        });
        scripts.script("auth and setWatches echo any xid", s -> {
            Session a = s.connect("a");
            a.withXid(9).call("", OpCode.AUTH, new ClientRequest.Auth(0, "digest", new byte[] {'a', ':', 'b'}));
            a.withXid(9).call("", OpCode.SET_WATCHES, new ClientRequest.SetWatches(0, List.of(), List.of(), List.of()));
        });
    }

    private static void zxids(Scripts scripts) {
        scripts.script("every refused write takes a zxid, no read does", s -> {
            Session a = s.connect("a");
            a.delete("~/no", -1);
            a.exists("~/no");
            a.setData("~/no", "", -1);
            a.getData("~/no");
            a.setAcl("~/no", io.vivarium.protocol.data.Acl.OPEN, -1);
            a.sync("~/no");
            a.create("~/no/no", "");
            a.multi(a.partCheck("~/no", -1));
            a.multi();
            a.multiRead();
            a.reconfig("", "", null, -1);
            a.ping();
        });
        scripts.script("auth is answered with zxid 0", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.ping();
        });
        scripts.script("a session's start and end take a zxid each", s -> {
            Session a = s.connect("a");
            a.ping();
            Session b = s.connect("b");
            a.ping();
            b.closeSession();
            a.ping();
        });
    }

    private static void unknownOpcodes(Scripts scripts) {
        for (int op : new int[] {0, -1, 10, 13, 23, 50, 99, 108, 1000, -2, -12, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            scripts.script("opcode " + op + " is unimplemented and ends the connection, not the session", s -> {
                Session a = s.connect("a");
                a.create("~/e", "", 1);
                a.call("", op, new ClientRequest.Check(s.lens().expand("~"), -1));
                a.awaitClosed();
                Session b = s.reattach("b", a);
                b.exists("~/e");
            });
        }
        scripts.oursOnly(
                "requests before an unknown opcode are answered before it, those behind it not",
                "a stock server refuses the opcode at receipt, so the refusal overtakes earlier replies or loses them; a race",
                s -> {
                    Session a = s.connect("a");
                    s.forget();
                    a.pipelined(() -> {
                        a.create("~/before", "");
                        a.call("", 77, ClientRequest.Empty.INSTANCE);
                        a.create("~/behind", "");
                    });
                    Session b = s.connect("b");
                    s.forgetLast(2);
                    b.getChildren("~");
                },
                """
                a> create #1 ~/before
                a> unknown 77 #2
                a> create #3 ~/behind
                a< create #1 z+2 OK path=~/before
                a< unknown 77 #2 -1 UNIMPLEMENTED
                a< closed
                b> getChildren #1 ~
                b< getChildren #1 z+3 OK [before]
                """);
    }

    private static void order(Scripts scripts) {
        scripts.script("replies come in the order of requests, reads and writes mixed", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.exists("~/x");
                a.create("~/x", "0");
                a.getData("~/x");
                a.setData("~/x", "1", 0);
                a.getData("~/x");
                a.ping();
                a.getChildren("~");
                a.setData("~/x", "2", 0);
                a.getData("~/x");
                a.delete("~/x", -1);
                a.exists("~/x");
                a.sync("~");
                a.whoAmI();
            });
        });
        scripts.script("a burst of two hundred requests is answered in order", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.pipelined(() -> {
                for (int i = 0; i < 100; i++) {
                    a.setData("~/x", "" + i, i);
                    a.getData("~/x");
                }
            });
        });
        scripts.undecodable("an undecodable request in a burst fails alone", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.create("~/x", "");
                a.callRaw("no body", OpCode.SET_DATA, out -> {});
                a.callRaw("no body", OpCode.GET_DATA, out -> {});
                a.getData("~/x");
            });
        });
    }

    private static void closing(Scripts scripts) {
        scripts.script("closeSession is answered, then the connection closes", s -> {
            Session a = s.connect("a");
            a.create("~/e1", "", 1);
            a.create("~/e2", "", 3);
            a.create("~/p", "");
            a.closeSession();
            a.awaitClosed();
            s.connect("b").getChildren2("~");
        });
        scripts.oursOnly(
                "requests pipelined behind closeSession are not answered",
                "a stock server sometimes answers the first of them with SESSION_EXPIRED before it closes; a race",
                s -> {
                    Session a = s.connect("a");
                    s.forget();
                    a.pipelined(() -> {
                        a.create("~/before", "");
                        a.closeSession();
                        a.create("~/behind", "");
                        a.getData("~/before");
                    });
                    Session b = s.connect("b");
                    s.forgetLast(2);
                    b.getChildren("~");
                },
                """
                a> create #1 ~/before
                a> closeSession #2
                a> create #3 ~/behind
                a> getData #4 ~/before
                a< create #1 z+2 OK path=~/before
                a< closeSession #2 z+3 OK
                a< closed
                b> getChildren #1 ~
                b< getChildren #1 z+4 OK [before]
                """);
        scripts.script("closeSession removes an ephemeral whose create is still in flight", s -> {
            Session a = s.connect("a");
            a.create("~/gone", "", 1);
            a.pipelined(() -> {
                a.create("~/e", "", 1);
                a.delete("~/gone", -1);
                a.closeSession();
            });
            a.awaitClosed();
            s.connect("b").getChildren2("~");
        });
        scripts.script("a dropped socket leaves session and ephemeral alive", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.drop();
            s.connect("b").exists("~/e");
        });
        scripts.script("closeSession with a body closes", s -> {
            Session a = s.connect("a");
            a.callRaw("with a body", OpCode.CLOSE_SESSION, out -> out.writeLong(5));
            a.awaitClosed();
        });
    }
}
