/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/** multi and multiRead (spec 4.3). */
class MultiContractIT extends ContractSuite {
    @Override
    void write(Scripts scripts) {
        success(scripts);
        failure(scripts);
        malformed(scripts);
        reads(scripts);
        watches(scripts);
    }

    private static void success(Scripts scripts) {
        scripts.script("a multi of every kind of part, each result in its own form", s -> {
            Session a = s.connect("a");
            a.create("~/old", "");
            a.multi(
                    a.partCreate("~/a", "1"),
                    a.partCreate2("~/b", "2", 0),
                    a.partContainer("~/c"),
                    a.partSet("~/a", "x", 0),
                    a.partCheck("~/a", 1),
                    a.partDelete("~/old", 0),
                    a.partDelete("~/a", 1));
            a.getChildren2("~");
            a.exists("~/b");
        });
        scripts.script("parts see what the parts before them did", s -> {
            Session a = s.connect("a");
            a.multi(
                    a.partCreate("~/p", ""),
                    a.partCreate("~/p/x", ""),
                    a.partSet("~/p/x", "1", 0),
                    a.partSet("~/p/x", "2", 1),
                    a.partDelete("~/p/x", 2),
                    a.partCreate("~/p/x", ""));
            a.exists("~/p");
            a.exists("~/p/x");
        });
        scripts.script("sequence numbers advance within a multi", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.multi(a.partCreate("~/q/n-", "", 2), a.partCreate2("~/q/n-", "", 3), a.partCreate("~/q/n-", "", 2));
            a.exists("~/q");
        });
        scripts.script("an empty multi succeeds and takes a zxid", s -> {
            Session a = s.connect("a");
            a.multi();
            a.ping();
        });
        scripts.script("all parts share one zxid", s -> {
            Session a = s.connect("a");
            a.multi(a.partCreate("~/a", ""), a.partCreate("~/b", ""), a.partSet("~", "", -1));
            a.exists("~/a");
            a.exists("~/b");
            a.exists("~");
        });
        scripts.script("an ephemeral made in a multi belongs to the session", s -> {
            Session a = s.connect("a");
            a.multi(a.partCreate("~/e", "", 1));
            a.getEphemerals("/");
            a.closeSession();
            a.awaitClosed();
            s.connect("b").exists("~/e");
        });
        scripts.script("the err and done fields of part headers other than done are not looked at", s -> {
            Session a = s.connect("a");
            a.callRaw("err 5 in the header", OpCode.MULTI, out -> {
                new MultiHeader(OpCode.CHECK, false, 5).write(out);
                out.writeRecord(new ClientRequest.Check(s.lens().expand("~"), -1));
                new MultiHeader(99, true, 0).write(out);
            });
        });
        scripts.script("a multi of two hundred parts", s -> {
            Session a = s.connect("a");
            Part[] parts = new Part[200];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = a.partCreate("~/n" + i, "");
            }
            a.multi(parts);
            a.getAllChildrenNumber("~");
        });
    }

    private static void failure(Scripts scripts) {
        scripts.script("a failed multi is OK in the header, 0 before, the code, -2 behind", s -> {
            Session a = s.connect("a");
            a.multi(
                    a.partCreate("~/a", ""),
                    a.partSet("~/a", "x", 0),
                    a.partCheck("~/a", 9),
                    a.partDelete("~/a", -1),
                    a.partCreate("~/b", ""));
            a.getChildren("~");
        });
        scripts.script("each kind of failure shows its code", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.create("~/x/y", "");
            a.create("~/e", "", 1);
            a.multi(a.partCreate("~/x", ""));
            a.multi(a.partCreate("~/no/x", ""));
            a.multi(a.partCreate("~/e/x", ""));
            a.multi(a.partCreate("bad", ""));
            a.multi(a.partDelete("~/no", -1));
            a.multi(a.partDelete("~/x", -1));
            a.multi(a.partDelete("~/x", 5));
            a.multi(a.partDelete("/", -1));
            a.multi(a.partSet("~/no", "", -1));
            a.multi(a.partSet("~/x", "", 4));
            a.multi(a.partSet("~/", "", 4));
            a.multi(a.partCheck("~/no", -1));
            a.multi(a.partCheck("~/x", 3));
            a.multi(a.partCheck("~/", 3));
            a.multi(a.partCheck("", 3));
            a.multi(a.partTtl("~/ttl", 5, 1000));
        });
        scripts.script("check needs READ", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(new Acl(Acl.WRITE, Id.ANYONE)), 0);
            a.multi(a.partCheck("~/x", -1));
            a.multi(a.partCheck("~/x", 9));
        });
        scripts.script("a failed multi leaves nothing behind, not even a sequence number", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.multi(a.partCreate("~/q/n-", "", 2), a.partCheck("~/no", -1));
            a.exists("~/q");
            a.create("~/q/n-", "", 2);
        });
        scripts.script("requests behind a failed multi do not see its parts", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.create("~/x", "");
                a.multi(a.partDelete("~/x", -1), a.partCreate("~/y", ""), a.partCheck("~/no", -1));
                a.setData("~/x", "still here", 0);
                a.setData("~/y", "", 0);
                a.create("~/y", "");
                a.multi(a.partSet("~/x", "1", 1), a.partSet("~/x", "2", 1));
                a.setData("~/x", "", 1);
            });
            a.getChildren("~");
        });
        scripts.script("a failed multi with an ephemeral leaves no ephemeral", s -> {
            Session a = s.connect("a");
            a.multi(a.partCreate("~/e", "", 1), a.partCheck("~/no", 0));
            a.getEphemerals("/");
        });
    }

    private static void malformed(Scripts scripts) {
        scripts.script("reads inside a multi are a marshalling error that takes a zxid", s -> {
            Session a = s.connect("a");
            a.multi(a.partGetData("~", false));
            a.multi(a.partGetChildren("~", false));
            a.multi(a.partCreate("~/x", ""), a.partGetData("~", false));
            a.ping();
            a.getChildren("~");
        });
        for (int op : new int[] {OpCode.EXISTS, OpCode.SET_ACL, OpCode.MULTI, OpCode.SYNC, 0, 99}) {
            scripts.script("a part of type " + op + " is a marshalling error", s -> {
                Session a = s.connect("a");
                a.multi(new Part(op, new ClientRequest.Read(s.lens().expand("~"), false)));
                a.ping();
            });
        }
        scripts.undecodable("unknown create flags in a part are a marshalling error", s -> {
            Session a = s.connect("a");
            a.multi(a.partCreate("~/x", "", 99));
            a.multi(a.partCreate("~/y", ""), a.partCreate("~/x", "", -1));
            a.getChildren("~");
        });
        scripts.undecodable("a multi that breaks off is a marshalling error", s -> {
            Session a = s.connect("a");
            a.callRaw("no body", OpCode.MULTI, out -> {});
            a.callRaw("no end", OpCode.MULTI, out -> {
                new MultiHeader(OpCode.CHECK, false, -1).write(out);
                out.writeRecord(new ClientRequest.Check(s.lens().expand("~"), -1));
            });
            a.callRaw("half a part", OpCode.MULTI, out -> {
                new MultiHeader(OpCode.CHECK, false, -1).write(out);
                out.writeInt(100);
            });
            a.ping();
        });
        scripts.script("create flags of TTL in a part while extended types are off", s -> {
            Session a = s.connect("a");
            a.multi(a.partCreate("~/x", "", 5));
            a.multi(a.partTtl("~/x", 0, 1000));
            a.multi(a.partTtl("~/x", 5, 0));
        });
        for (int op : new int[] {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER}) {
            scripts.script(OpCode.name(op) + " in a part, with every create flag", s -> {
                Session a = s.connect("a");
                for (int flags = 0; flags <= 7; flags++) {
                    a.multi(new Part(op, a.createBody("~/n" + flags, "", Acl.OPEN, flags)));
                }
                a.getChildren("~");
            });
        }
        scripts.script("createTTL in a part, with every create flag and ttls at the edges", s -> {
            Session a = s.connect("a");
            for (int flags = 0; flags <= 7; flags++) {
                for (long ttl : new long[] {1, 0, 1L << 40}) {
                    a.multi(a.partTtl("~/n" + flags + "-" + ttl, flags, ttl));
                }
            }
            a.getChildren("~");
        });
        scripts.undecodable("a null path in a part", s -> {
            Session a = s.connect("a");
            a.multi(new Part(OpCode.CHECK, new ClientRequest.Check(null, -1)));
            a.multi(new Part(OpCode.DELETE, new ClientRequest.Delete(null, -1)));
            a.ping();
        });
    }

    private static void reads(Scripts scripts) {
        scripts.script("multiRead answers each entry by itself", s -> {
            Session a = s.connect("a");
            a.create("~/x", "data");
            a.create("~/x/y", "");
            a.create("~/secret", "", List.of(new Acl(Acl.WRITE, Id.ANYONE)), 0);
            a.multiRead(
                    a.partGetData("~/x", false),
                    a.partGetData("~/no", false),
                    a.partGetChildren("~/x", false),
                    a.partGetChildren("~/no", false),
                    a.partGetData("~/secret", false),
                    a.partGetChildren("~/secret", false));
        });
        scripts.deviation(
                "a null path in a multiRead is a marshalling error without a body",
                "stock sends the results of the other entries behind the error, which no client reads",
                s -> {
                    Session a = s.connect("a");
                    a.multiRead(
                            a.partGetData("~", false),
                            new Part(OpCode.GET_DATA, new ClientRequest.Read(null, false)),
                            a.partGetChildren("~", false));
                    a.ping();
                },
                """
                - a< multiRead #1 z+1 MARSHALLING_ERROR + a body
                + a< multiRead #1 z+1 MARSHALLING_ERROR
                """);
        scripts.script("an empty multiRead is the end mark", s -> s.connect("a").multiRead());
        scripts.script("multiRead sets no watches", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.multiRead(a.partGetData("~/x", true), a.partGetChildren("~", true));
            a.setData("~/x", "", -1);
            a.create("~/y", "");
            a.ping();
        });
        scripts.deviation(
                "writes in a multiRead are a marshalling error",
                "stock sends an end mark behind the error, which no client reads",
                s -> {
                    Session a = s.connect("a");
                    a.multiRead(a.partCreate("~/x", ""));
                    a.multiRead(a.partCheck("~", -1));
                    a.ping();
                    a.getChildren("~");
                },
                """
                - a< multiRead #1 z+1 MARSHALLING_ERROR + a body
                + a< multiRead #1 z+1 MARSHALLING_ERROR
                - a< multiRead #2 z+1 MARSHALLING_ERROR + a body
                + a< multiRead #2 z+1 MARSHALLING_ERROR
                """);
        scripts.script("multiRead waits for the writes before it", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.create("~/x", "1");
                a.multiRead(a.partGetData("~/x", false), a.partGetChildren("~", false));
                a.setData("~/x", "2", 0);
                a.multiRead(a.partGetData("~/x", false));
            });
        });
    }

    private static void watches(Scripts scripts) {
        scripts.script("watches fire once for each part, in order, with the zxid of the multi", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~", 1);
            a.getChildrenWatched("~");
            b.multi(
                    b.partCreate("~/x", ""),
                    b.partSet("~/x", "", -1),
                    b.partCreate("~/y", ""),
                    b.partDelete("~/x", -1));
            a.ping();
        });
        scripts.script("a one-shot watch fires for the first part only", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.existsWatched("~/x");
            b.multi(b.partCreate("~/x", ""), b.partSet("~/x", "", -1), b.partDelete("~/x", -1));
            a.ping();
        });
        scripts.script("a failed multi fires nothing", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~", 1);
            b.multi(b.partCreate("~/x", ""), b.partCheck("~/no", -1));
            a.ping();
        });
    }
}
