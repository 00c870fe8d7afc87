/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/**
 * exists, getData, getACL, getChildren(2), getEphemerals, getAllChildrenNumber, whoAmI (spec 4, 5.3.8 to 5.3.12, 12).
 *
 * <p>The stats of {@code /} and {@code /zookeeper} tell of every script that ran before, and some run on one server only;
 * so {@link FreshTreeContractIT} reads those, also by the empty path.
 */
class ReadContractIT extends ContractSuite {
    private static final List<Acl> NO_READ = List.of(new Acl(Acl.ALL & ~Acl.READ, Id.ANYONE));

    @Override
    void write(Scripts scripts) {
        plain(scripts);
        paths(scripts);
        permissions(scripts);
        ephemerals(scripts);
        counts(scripts);
        badBodies(scripts);
    }

    private static void plain(Scripts scripts) {
        scripts.script("every read of a node with children", s -> {
            Session a = s.connect("a");
            a.create("~/p", "data");
            a.create("~/p/b", "");
            a.create("~/p/a", "");
            a.create("~/p/c", "", 1);
            a.exists("~/p");
            a.getData("~/p");
            a.getChildren("~/p");
            a.getChildren2("~/p");
            a.getAcl("~/p");
            a.getAllChildrenNumber("~/p");
        });
        scripts.script("every read of a missing node is NoNode and 16 bytes", s -> {
            Session a = s.connect("a");
            a.exists("~/no");
            a.getData("~/no");
            a.getChildren("~/no");
            a.getChildren2("~/no");
            a.getAcl("~/no");
            a.getAllChildrenNumber("~/no");
        });
        scripts.script("children of a leaf are an empty list", s -> {
            Session a = s.connect("a");
            a.getChildren("~");
            a.getChildren2("~");
        });
        scripts.script("reads take no zxid and answer the last one applied", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.create("~/x", "");
            b.getData("~/x");
            b.ping();
            a.create("~/x", "");
            b.getData("~/x");
        });
        scripts.script("a large value comes back whole", s -> {
            Session a = s.connect("a");
            a.create("~/big", "x".repeat(900_000));
            a.getData("~/big");
        });
        scripts.script("the config node of a standalone server", s -> {
            Session a = s.connect("a");
            a.getData("/zookeeper/config");
            a.getAcl("/zookeeper/config");
            a.getAcl("/zookeeper/quota");
        });
    }

    private static void paths(Scripts scripts) {
        for (String path : new String[] {"x", "~/", "~//x", "/.", "~/..", "no slash"}) {
            scripts.script("reads of the unusual path \"" + path + "\"", s -> {
                Session a = s.connect("a");
                a.exists(path);
                a.getData(path);
                a.getChildren(path);
                a.getChildren2(path);
                a.getAcl(path);
                a.getAllChildrenNumber(path);
            });
        }
        scripts.script("exists refuses a NUL, the other reads do not find it", s -> {
            Session a = s.connect("a");
            a.exists("~/nul\0");
            a.getData("~/nul\0");
            a.getChildren("~/nul\0");
            a.getAcl("~/nul\0");
        });
        scripts.script("null paths of reads", s -> {
            Session a = s.connect("a");
            a.exists(null);
            a.getData(null);
            a.getChildren(null);
            a.getChildren2(null);
            a.getAcl(null);
            a.getAllChildrenNumber(null);
            a.ping();
        });
    }

    private static void permissions(Scripts scripts) {
        scripts.script("reads need READ, and exists too when the node is there", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", NO_READ, 0);
            a.exists("~/x");
            a.getData("~/x");
            a.getChildren("~/x");
            a.getChildren2("~/x");
            a.getAllChildrenNumber("~/x");
        });
        scripts.script("getACL needs READ or ADMIN", s -> {
            Session a = s.connect("a");
            a.create("~/admin", "", List.of(new Acl(Acl.ADMIN, Id.ANYONE)), 0);
            a.create("~/read", "", List.of(new Acl(Acl.READ, Id.ANYONE)), 0);
            a.create("~/none", "", List.of(new Acl(Acl.WRITE, Id.ANYONE)), 0);
            a.getAcl("~/admin");
            a.getAcl("~/read");
            a.getAcl("~/none");
        });
        scripts.script("a parent that may not be read does not hide its children", s -> {
            Session a = s.connect("a");
            a.create("~/p", "", NO_READ, 0);
            a.create("~/p/x", "seen");
            a.getData("~/p/x");
            a.getAllChildrenNumber("~");
        });
    }

    private static void ephemerals(Scripts scripts) {
        scripts.script("getEphemerals lists the caller's own, by a plain prefix of the text", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.create("~/ex", "", 1);
            a.create("~/example", "", 1);
            a.create("~/other", "", 3);
            b.create("~/theirs", "", 1);
            a.getEphemerals("/");
            a.getEphemerals("~/ex");
            a.getEphemerals("~/no");
            a.getEphemerals("no slash");
            b.getEphemerals("/");
        });
        scripts.script("getEphemerals with a null, empty or blank prefix lists all", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.getEphemerals(null);
            a.getEphemerals("");
            a.getEphemerals("  ");
            a.getEphemerals(" / ");
        });
        scripts.script("getEphemerals forgets what was deleted", s -> {
            Session a = s.connect("a");
            a.create("~/e1", "", 1);
            a.create("~/e2", "", 1);
            a.delete("~/e1", -1);
            a.getEphemerals("/");
            a.delete("~/e2", -1);
            a.getEphemerals("/");
        });
    }

    private static void counts(Scripts scripts) {
        scripts.script("getAllChildrenNumber counts all descendants", s -> {
            Session a = s.connect("a");
            a.create("~/p", "");
            a.getAllChildrenNumber("~/p");
            a.create("~/p/a", "");
            a.create("~/p/a/b", "");
            a.create("~/p/a/b/c", "");
            a.create("~/pp", "");
            a.getAllChildrenNumber("~/p");
            a.getAllChildrenNumber("~");
        });
        scripts.script("whoAmI of a connection without logins", s -> {
            Session a = s.connect("a");
            a.whoAmI();
        });
    }

    private static void badBodies(Scripts scripts) {
        for (int op : new int[] {
            OpCode.EXISTS,
            OpCode.GET_DATA,
            OpCode.GET_ACL,
            OpCode.GET_CHILDREN,
            OpCode.GET_CHILDREN2,
            OpCode.GET_EPHEMERALS,
            OpCode.GET_ALL_CHILDREN_NUMBER
        }) {
            scripts.script(OpCode.name(op) + " with a truncated body is a marshalling error", s -> {
                Session a = s.connect("a");
                a.callRaw("no body", op, out -> {});
                a.callRaw("half a length", op, out -> out.writeByte(0));
                a.ping();
            });
        }
        scripts.script("a bool of 2 is true", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.callRaw("watch byte 2", OpCode.GET_DATA, out -> {
                out.writeString(s.lens().expand("~/x"));
                out.writeByte(2);
            });
            a.setData("~/x", "", -1);
        });
    }
}
