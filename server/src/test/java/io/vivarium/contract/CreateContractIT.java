/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/** create, create2, createContainer, createTTL with extended types off (spec 5.3.1, 5.5, 5.6, 6). */
class CreateContractIT extends ContractSuite {
    private static final List<Acl> READ_ONLY = Acl.READ_ONLY;
    private static final List<Acl> NO_SUCH_SCHEME = List.of(new Acl(31, new Id("nosuch", "x")));

    @Override
    void write(Scripts scripts) {
        kinds(scripts);
        flags(scripts);
        refusals(scripts);
        orderOfChecks(scripts);
        sequences(scripts);
        badBodies(scripts);
    }

    private static void kinds(Scripts scripts) {
        scripts.script("create answers the path, and the new stat is the zxid and zeros", s -> {
            Session a = s.connect("a");
            a.create("~/x", "hi");
            a.getData("~/x");
            a.exists("~");
        });
        scripts.script("create2 answers path and stat", s -> {
            Session a = s.connect("a");
            a.create2("~/x", "hi", 0);
            a.create2("~/e", "hi", 1);
            a.create2("~/s", "hi", 2);
        });
        scripts.script("an ephemeral shows its session as owner and goes with it", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.create("~/e", "", 1);
            b.exists("~/e");
            a.closeSession();
            a.awaitClosed();
            b.exists("~/e");
            b.exists("~");
        });
        scripts.script("a container shows owner 0 and may have children", s -> {
            Session a = s.connect("a");
            a.createContainer("~/c", 4);
            a.create("~/c/x", "");
            a.exists("~/c");
        });
        scripts.script("null data and empty data stay different", s -> {
            Session a = s.connect("a");
            a.create("~/null", null, Acl.OPEN, 0);
            a.create("~/empty", "");
            a.getData("~/null");
            a.getData("~/empty");
            a.setData("~/empty", null, -1);
            a.getData("~/empty");
        });
        scripts.script("a create changes cversion and pzxid of the parent and nothing else of it", s -> {
            Session a = s.connect("a");
            a.create("~/p", "");
            a.create("~/p/a", "");
            a.create("~/p/b", "");
            a.exists("~/p");
            a.delete("~/p/a", -1);
            a.exists("~/p");
            a.create("~/p/b/grandchild", "");
            a.setData("~/p/b", "x", -1);
            a.exists("~/p");
        });
        scripts.script("deleting and creating again restarts the versions", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.setData("~/x", "1", -1);
            a.setData("~/x", "2", -1);
            a.delete("~/x", 2);
            a.create("~/x", "");
            a.exists("~/x");
        });
    }

    private static void flags(Scripts scripts) {
        for (int flags : new int[] {-1, 5, 6, 7, 100, Integer.MAX_VALUE}) {
            scripts.script("create with flags " + flags + " is refused", s -> {
                Session a = s.connect("a");
                a.create("~/x", "", flags);
                a.exists("~/x");
            });
        }
        scripts.script("create with flags 4 makes a plain persistent node that shows no owner", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", 4);
            a.create2("~/y", "", 4);
            a.exists("~/x");
        });
        for (int flags = 0; flags <= 7; flags++) {
            int given = flags;
            scripts.script("createContainer with flags " + given, s -> {
                Session a = s.connect("a");
                a.createContainer("~/c", given);
                a.getChildren("~");
            });
        }
        scripts.script("createTTL is unimplemented while extended types are off, and the connection stays", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 5, 1000);
            a.createTtl("~/x", 6, 1000);
            a.createTtl("~/x", 5, 0);
            a.ping();
        });
        scripts.script("createTTL with a ttl and flags that have none is refused", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 0, 0);
            a.createTtl("~/x", 1, 1000);
            a.createTtl("~/x", 7, 1000);
            a.ping();
        });
    }

    private static void refusals(Scripts scripts) {
        scripts.script("a node that exists is refused, and the refusal takes a zxid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.create("~/x", "");
            a.ping();
        });
        scripts.script("a missing parent is NoNode", s -> {
            Session a = s.connect("a");
            a.create("~/no/x", "");
        });
        scripts.script("an ephemeral has no children", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.create("~/e/x", "");
            a.create("~/e/x", "", 2);
        });
        scripts.script("an empty or missing ACL is invalid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(), 0);
            a.create("~/x", "", null, 0);
        });
        scripts.script("root, the empty path and the config node cannot be created", s -> {
            Session a = s.connect("a");
            a.create("/", "");
            a.create("", "");
            a.create("/zookeeper/config", "");
            a.create("/zookeeper", "");
        });
        scripts.script("children of /zookeeper are ordinary nodes", s -> {
            Session a = s.connect("a");
            a.create("/zookeeper/visitor", "");
            a.delete("/zookeeper/visitor", -1);
        });
        scripts.script("without CREATE on the parent nothing is created", s -> {
            Session a = s.connect("a");
            a.create("~/p", "", READ_ONLY, 0);
            a.create("~/p/x", "");
            a.create("~/p/x", "", 2);
        });
    }

    private static void orderOfChecks(Scripts scripts) {
        scripts.script("flags are looked at before the path", s -> {
            Session a = s.connect("a");
            a.create("nopath", "", 99);
        });
        scripts.script("the rough path test comes before the ACL", s -> {
            Session a = s.connect("a");
            a.create("nopath", "", List.of(), 0);
            a.create("~/nul\0", "", List.of(), 0);
        });
        scripts.script("the ACL is looked at before the parent", s -> {
            Session a = s.connect("a");
            a.create("~/no/x", "", NO_SUCH_SCHEME, 0);
        });
        scripts.script("the parent is looked at before the full path rules", s -> {
            Session a = s.connect("a");
            a.create("~/./b", "");
            a.create("~//b", "");
        });
        scripts.script("CREATE on the parent is looked at before the full path rules", s -> {
            Session a = s.connect("a");
            a.create("~/p", "", READ_ONLY, 0);
            a.create("~/p/.", "");
        });
        scripts.script("an existing child of an ephemeral would be NodeExists, a new one NoChildren", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.create("~/e/.", "");
            a.create("~/e/x", "");
        });
    }

    private static void sequences(Scripts scripts) {
        scripts.script("sequence numbers count creates of any kind and never go back", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/n-", "", 2);
            a.create("~/q/plain", "");
            a.create("~/q/n-", "", 3);
            a.delete("~/q/plain", -1);
            a.create("~/q/n-", "", 2);
            a.create2("~/q/other-", "", 2);
            a.exists("~/q");
        });
        scripts.script("a refused create takes no number", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/x", "");
            a.create("~/q/x", "");
            a.create("~/q/n-", "", 2);
        });
        scripts.script("a name of the number alone is legal", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/", "", 2);
            a.create("~/q/", "", 3);
            a.create("~/q/", "", 0);
        });
        scripts.script("a sequential name that somebody took is NodeExists", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/n-0000000001", "");
            a.create("~/q/n-", "", 2);
            a.create("~/q/n-", "", 2);
        });
        scripts.script("pipelined sequential creates see each other", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.pipelined(() -> {
                for (int i = 0; i < 12; i++) {
                    a.create("~/q/n-", "", 2 + i % 2);
                }
            });
            a.exists("~/q");
        });
        scripts.script("a dot becomes legal with a number behind it", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/.", "", 2);
            a.create("~/q/..", "", 2);
        });
    }

    private static void badBodies(Scripts scripts) {
        for (int op : new int[] {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL}) {
            scripts.undecodable(
                    OpCode.name(op) + " with a truncated body is a marshalling error and takes no zxid", s -> {
                        Session a = s.connect("a");
                        a.callRaw("no body", op, out -> {});
                        a.callRaw("half a path", op, out -> {
                            out.writeInt(10);
                            out.writeInt(0);
                        });
                        a.ping();
                    });
        }
        scripts.undecodable("create of a null path is a marshalling error", s -> {
            Session a = s.connect("a");
            a.create(null, "", Acl.OPEN, 0);
            a.ping();
        });
        scripts.script("bytes behind a complete request are ignored", s -> {
            Session a = s.connect("a");
            a.callRaw("with a tail", OpCode.CREATE, out -> {
                out.writeRecord(a.createBody("~/x", "data", Acl.OPEN, 0));
                out.writeLong(42);
            });
            a.getData("~/x");
        });
        scripts.undecodable("a negative inner length is a marshalling error", s -> {
            Session a = s.connect("a");
            a.callRaw("path length -2", OpCode.CREATE, out -> out.writeInt(-2));
            a.callRaw("path length above every limit", OpCode.CREATE, out -> out.writeInt(Integer.MAX_VALUE));
            a.callRaw("acl count -2", OpCode.CREATE, out -> {
                out.writeString(s.lens().expand("~/x"));
                out.writeBuffer(new byte[0]);
                out.writeInt(-2);
                out.writeInt(0);
            });
            a.ping();
        });
    }
}
