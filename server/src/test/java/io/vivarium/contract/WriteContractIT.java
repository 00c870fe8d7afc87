/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/** delete, setData, setACL and sync (spec 5.3.2, 5.3.4, 5.3.5, 9.5). */
class WriteContractIT extends ContractSuite {
    private static List<Acl> open(int perms) {
        return List.of(new Acl(perms, Id.ANYONE));
    }

    @Override
    void write(Scripts scripts) {
        deletes(scripts);
        data(scripts);
        acls(scripts);
        syncs(scripts);
        badBodies(scripts);
    }

    private static void deletes(Scripts scripts) {
        scripts.script("delete answers a header only", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.delete("~/x", 0);
            a.exists("~/x");
            a.exists("~");
        });
        scripts.script("delete of a missing node, or below a missing parent, is NoNode", s -> {
            Session a = s.connect("a");
            a.delete("~/no", -1);
            a.delete("~/no/x", -1);
        });
        scripts.script("delete compares the version exactly, -1 excepted", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.delete("~/x", 1);
            a.delete("~/x", -2);
            a.delete("~/x", -1);
        });
        scripts.script("BadVersion beats NotEmpty", s -> {
            Session a = s.connect("a");
            a.create("~/p", "");
            a.create("~/p/x", "");
            a.delete("~/p", 7);
            a.delete("~/p", 0);
        });
        scripts.script("NoAuth on the parent beats NoNode", s -> {
            Session a = s.connect("a");
            a.create("~/p", "", open(Acl.READ | Acl.CREATE), 0);
            a.create("~/p/x", "");
            a.delete("~/p/x", 5);
            a.delete("~/p/no", -1);
        });
        for (String path : new String[] {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config", "", "x", "//"}) {
            scripts.script("delete of \"" + path + "\"", s -> {
                Session a = s.connect("a");
                a.delete(path, -1);
            });
        }
        scripts.script("delete does not apply the full path rules", s -> {
            Session a = s.connect("a");
            a.delete("~/", -1);
            a.delete("~/./x", -1);
            a.delete("~/..", -1);
            a.delete("~/nul\0", -1);
            a.delete("~/\u0001", -1);
        });
        scripts.script("pipelined create and delete see each other", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.create("~/x", "");
                a.create("~/x/y", "");
                a.delete("~/x", -1);
                a.delete("~/x/y", -1);
                a.delete("~/x", -1);
                a.delete("~/x", -1);
                a.exists("~/x");
            });
        });
        scripts.script("deleting another session's ephemeral is an ordinary delete", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.create("~/e", "", 1);
            b.delete("~/e", 0);
            a.getEphemerals("/");
        });
    }

    private static void data(Scripts scripts) {
        scripts.script("setData answers the new stat", s -> {
            Session a = s.connect("a");
            a.create("~/x", "one");
            a.setData("~/x", "three", 0);
            a.setData("~/x", "four", 1);
            a.setData("~/x", "", -1);
            a.getData("~/x");
        });
        scripts.script("setData of a stale or negative version is BadVersion", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.setData("~/x", "a", 1);
            a.setData("~/x", "a", -2);
            a.setData("~/x", "a", Integer.MIN_VALUE);
            a.getData("~/x");
        });
        scripts.script("setData needs WRITE, and NoAuth beats BadVersion", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", open(Acl.READ), 0);
            a.setData("~/x", "a", 9);
            a.setData("~/no", "a", 9);
        });
        scripts.script("the root may be set, the config node not", s -> {
            Session a = s.connect("a");
            a.setData("/zookeeper/config", "x", -1);
            a.setData("", "x", -1);
            a.setData("~/", "x", -1);
        });
        scripts.script("pipelined setData check the versions of those in flight", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.pipelined(() -> {
                a.setData("~/x", "a", 0);
                a.setData("~/x", "b", 1);
                a.setData("~/x", "c", 1);
                a.setData("~/x", "d", 2);
                a.getData("~/x");
                a.delete("~/x", 3);
                a.getData("~/x");
            });
        });
    }

    private static void acls(Scripts scripts) {
        scripts.script("setACL raises aversion and changes no zxid of the node", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.setAcl("~/x", open(31), 0);
            a.setAcl("~/x", open(31), 1);
            a.setAcl("~/x", open(31), -1);
            a.getAcl("~/x");
        });
        scripts.script("setACL compares the version with aversion", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.setData("~/x", "1", -1);
            a.setAcl("~/x", open(31), 1);
            a.setAcl("~/x", open(31), 0);
            a.setAcl("~/x", open(31), -3);
        });
        scripts.script("setACL looks at the list before the node", s -> {
            Session a = s.connect("a");
            a.setAcl("~/no", List.of(), -1);
            a.setAcl("~/no", null, -1);
            a.setAcl("~/no", open(31), -1);
            a.setAcl("~/", List.of(), -1);
        });
        scripts.script("setACL needs ADMIN, and NoAuth beats BadVersion", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", open(Acl.ALL & ~Acl.ADMIN), 0);
            a.setAcl("~/x", open(31), 9);
            a.getAcl("~/x");
        });
        scripts.oursOnly(
                "a pipelined setACL takes effect for the requests right behind it",
                "a stock server goes on with the old list until the change is applied, so there the answers are a race",
                s -> {
                    Session a = s.connect("a");
                    a.create("~/x", "");
                    s.forget();
                    a.pipelined(() -> {
                        a.setAcl("~/x", open(Acl.READ | Acl.ADMIN), -1);
                        a.create("~/x/y", "");
                        a.setData("~/x", "", -1);
                        a.setAcl("~/x", open(Acl.ALL), 1);
                        a.create("~/x/y", "");
                    });
                },
                """
                a> setACL #2 ~/x v-1
                a> create #3 ~/x/y
                a> setData #4 ~/x v-1
                a> setACL #5 ~/x v1
                a> create #6 ~/x/y
                a< setACL #2 z+3 OK stat(c=z+2 m=z+2 p=z+2 ctime=now mtime=now v=0 cv=0 av=1 owner=0 len=0 kids=0)
                a< create #3 z+4 NO_AUTH
                a< setData #4 z+5 NO_AUTH
                a< setACL #5 z+6 OK stat(c=z+2 m=z+2 p=z+2 ctime=now mtime=now v=0 cv=0 av=2 owner=0 len=0 kids=0)
                a< create #6 z+7 OK path=~/x/y
                """);
    }

    private static void syncs(Scripts scripts) {
        scripts.script("sync echoes its path, whatever it is", s -> {
            Session a = s.connect("a");
            a.sync("~");
            a.sync("~/no");
            a.sync("");
            a.sync("no slash");
            a.sync(null);
        });
        scripts.script("sync stays in line with the requests around it", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.create("~/x", "");
                a.sync("~/x");
                a.getData("~/x");
                a.sync("~");
                a.delete("~/x", -1);
                a.sync("~");
            });
        });
    }

    private static void badBodies(Scripts scripts) {
        for (int op : new int[] {OpCode.DELETE, OpCode.SET_DATA, OpCode.SET_ACL, OpCode.SYNC}) {
            scripts.undecodable(OpCode.name(op) + " with a truncated body is a marshalling error", s -> {
                Session a = s.connect("a");
                a.callRaw("no body", op, out -> {});
                a.ping();
            });
        }
        scripts.undecodable("null paths of writes", s -> {
            Session a = s.connect("a");
            a.delete(null, -1);
            a.setData(null, "", -1);
            a.setAcl(null, open(31), -1);
            a.ping();
        });
    }
}
