/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import java.util.List;

/** addWatch, checkWatches, removeWatches, setWatches and setWatches2 (spec 8.1, 8.2, 8.5, 8.7). */
class PersistentWatchContractIT extends ContractSuite {
    private static final List<String> NONE = List.of();

    @Override
    void write(Scripts scripts) {
        persistent(scripts);
        recursive(scripts);
        mixed(scripts);
        removal(scripts);
        again(scripts);
    }

    private static void persistent(Scripts scripts) {
        scripts.script("addWatch answers an error code of 0 as its body", s -> {
            Session a = s.connect("a");
            a.addWatch("~", 0);
            a.addWatch("~", 1);
            a.addWatch("~/no", 0);
            a.addWatch("no slash", 1);
            a.addWatch("", 0);
        });
        scripts.script("a persistent watch stays, also over deletion and creation", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~/x", 0);
            b.create("~/x", "");
            b.setData("~/x", "", -1);
            b.setData("~/x", "", -1);
            b.create("~/x/y", "");
            b.setData("~/x/y", "", -1);
            b.delete("~/x/y", -1);
            b.delete("~/x", -1);
            b.create("~/x", "");
            a.ping();
        });
        scripts.script("addWatch with another mode is a marshalling error", s -> {
            Session a = s.connect("a");
            a.addWatch("~", 2);
            a.addWatch("~", -1);
            a.callRaw("no body", OpCode.ADD_WATCH, out -> {});
            a.setData("~", "", -1);
        });
    }

    private static void recursive(Scripts scripts) {
        scripts.script("a recursive watch hears of the node and all below, never of children changed", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~/x", 1);
            b.create("~/x", "");
            b.create("~/x/y", "");
            b.create("~/x/y/z", "");
            b.setData("~/x/y/z", "", -1);
            b.setData("~/x", "", -1);
            b.delete("~/x/y/z", -1);
            b.delete("~/x/y", -1);
            b.delete("~/x", -1);
            b.create("~/xx", "");
            a.ping();
        });
        scripts.script("two recursive watches on one way are one event", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.addWatch("~", 1);
            a.addWatch("~/x", 1);
            b.create("~/x/y", "");
            b.setData("~/x", "", -1);
            a.ping();
        });
    }

    private static void mixed(Scripts scripts) {
        scripts.script("standard, persistent and recursive on one node are one event", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.addWatch("~/x", 0);
            a.addWatch("~/x", 1);
            a.getDataWatched("~/x");
            b.setData("~/x", "", -1);
            b.setData("~/x", "", -1);
            b.delete("~/x", -1);
            a.ping();
        });
        scripts.script("a recursive and a child watch on the parent each have their event", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~", 1);
            a.getChildrenWatched("~");
            b.create("~/x", "");
            b.create("~/y", "");
            a.ping();
        });
        scripts.script("persistent on the parent, recursive above it, and a data watch on the child", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            b.create("~/p/x", "");
            a.addWatch("~/p", 0);
            a.addWatch("~", 1);
            a.getDataWatched("~/p/x");
            b.delete("~/p/x", -1);
            b.create("~/p/x", "");
            b.delete("~/p/x", -1);
            b.delete("~/p", -1);
            a.ping();
        });
    }

    private static void removal(Scripts scripts) {
        scripts.script("checkWatches finds each kind by its type", s -> {
            Session a = s.connect("a");
            a.create("~/data", "");
            a.getDataWatched("~/data");
            a.getChildrenWatched("~");
            a.addWatch("~/p", 0);
            a.addWatch("~/r", 1);
            for (int type = 1; type <= 5; type++) {
                a.checkWatches("~/data", type);
                a.checkWatches("~", type);
                a.checkWatches("~/p", type);
                a.checkWatches("~/r", type);
                a.checkWatches("~/r/below", type);
            }
        });
        for (int type = 1; type <= 5; type++) {
            int given = type;
            scripts.script("removeWatches of type " + given + " takes what it names and leaves the rest", s -> {
                Session a = s.connect("a");
                a.create("~/x", "");
                a.getDataWatched("~/x");
                a.getChildrenWatched("~/x");
                a.addWatch("~/x", 0);
                a.addWatch("~/x", 1);
                a.removeWatches("~/x", given);
                a.removeWatches("~/x", given);
                for (int check = 1; check <= 5; check++) {
                    a.checkWatches("~/x", check);
                }
                a.create("~/x/y", "");
                a.setData("~/x", "", -1);
                a.delete("~/x/y", -1);
                a.delete("~/x", -1);
            });
        }
        scripts.script("removing what is not there is NoWatcher", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.getDataWatched("~");
            for (int type = 1; type <= 5; type++) {
                a.removeWatches("~", type);
            }
            a.setData("~", "", -1);
            b.ping();
        });
        scripts.script("a watch type outside 1 to 5 is a marshalling error", s -> {
            Session a = s.connect("a");
            a.getDataWatched("~");
            a.checkWatches("~", 0);
            a.checkWatches("~", 6);
            a.removeWatches("~", 0);
            a.removeWatches("~", -1);
            a.callRaw("no body", OpCode.REMOVE_WATCHES, out -> {});
            a.callRaw("no body", OpCode.CHECK_WATCHES, out -> {});
            a.ping();
        });
    }

    private static void again(Scripts scripts) {
        scripts.script("setWatches tells what changed since, and registers what did not", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/same", "");
            b.create("~/changed", "");
            b.create("~/gone", "");
            b.create("~/kids", "");
            b.create("~/kidsSame", "");
            long zxid = b.ping().zxid();
            b.setData("~/changed", "", -1);
            b.delete("~/gone", -1);
            b.create("~/kids/x", "");
            b.create("~/born", "");
            a.setWatches(
                    zxid,
                    List.of("~/same", "~/changed", "~/gone", "~/never"),
                    List.of("~/born", "~/unborn"),
                    List.of("~/kids", "~/kidsSame", "~/gone"));
            b.setData("~/same", "", -1);
            b.setData("~/changed", "", -1);
            b.create("~/unborn", "");
            b.create("~/kidsSame/x", "");
            b.create("~/kids/y", "");
            a.ping();
        });
        scripts.script("setWatches compares strictly", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            long zxid = b.create("~/x", "").zxid();
            a.setWatches(zxid, List.of("~/x"), NONE, List.of("~"));
            a.setWatches(zxid - 1, List.of("~/x"), NONE, List.of("~"));
        });
        scripts.script("a node deleted and created while away is changed data", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            long zxid = b.ping().zxid();
            b.delete("~/x", -1);
            b.create("~/x", "");
            a.setWatches(zxid, List.of("~/x"), List.of("~/x"), List.of("~/x"));
        });
        scripts.script("setWatches2 registers persistent watches and tells nothing about them", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            long zxid = b.ping().zxid();
            b.setData("~/p", "", -1);
            b.create("~/r", "");
            a.setWatches2(zxid, NONE, NONE, NONE, List.of("~/p", "~/missing"), List.of("~/r"));
            b.setData("~/p", "", -1);
            b.create("~/p/x", "");
            b.create("~/r/x", "");
            b.create("~/missing", "");
            a.ping();
        });
        scripts.script("setWatches2 carries the one-shot kinds too", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.setWatches2(0, List.of("~/x"), List.of("~/y"), List.of("~"), NONE, NONE);
            b.create("~/y", "");
            a.ping();
        });
        scripts.script("setWatches is not filtered by permissions", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "", List.of(new io.vivarium.protocol.data.Acl(30, io.vivarium.protocol.data.Id.ANYONE)), 0);
            a.setWatches(0, List.of("~/x"), List.of("~/x"), List.of("~/x"));
        });
        scripts.script("setWatches with empty lists is a header", s -> {
            Session a = s.connect("a");
            a.setWatches(0, NONE, NONE, NONE);
            a.setWatches2(0, NONE, NONE, NONE, NONE, NONE);
        });
        scripts.script("setWatches with a null list is a marshalling error", s -> {
            Session a = s.connect("a");
            a.call("null data", OpCode.SET_WATCHES, new ClientRequest.SetWatches(0, null, NONE, NONE));
            a.call("null child", OpCode.SET_WATCHES, new ClientRequest.SetWatches(0, NONE, NONE, null));
            a.call(
                    "null persistent",
                    OpCode.SET_WATCHES2,
                    new ClientRequest.SetWatches2(new ClientRequest.SetWatches(0, NONE, NONE, NONE), null, NONE));
            a.callRaw("no body", OpCode.SET_WATCHES, out -> {});
            a.ping();
        });
        scripts.script("setWatches waits in line behind the session's own writes", s -> {
            Session a = s.connect("a");
            long zxid = a.ping().zxid();
            a.pipelined(() -> {
                a.create("~/x", "");
                a.withXid(-8)
                        .call(
                                "",
                                OpCode.SET_WATCHES,
                                new ClientRequest.SetWatches(
                                        zxid,
                                        NONE,
                                        List.of(String.valueOf(s.lens().expand("~/x"))),
                                        NONE));
                a.getData("~/x");
            });
        });
    }
}
