/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/** One-shot watches, their events and their order (spec 8.1 to 8.4, 8.6). */
class WatchContractIT extends ContractSuite {
    private static final List<Acl> NO_READ = List.of(new Acl(Acl.ALL & ~Acl.READ, Id.ANYONE));

    @Override
    void write(Scripts scripts) {
        standard(scripts);
        order(scripts);
        nothing(scripts);
        filtered(scripts);
        sessions(scripts);
    }

    private static void standard(Scripts scripts) {
        scripts.script("an exists watch on a missing node fires when it is created", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.existsWatched("~/x");
            b.create("~/x", "");
            a.ping();
            b.setData("~/x", "", -1);
            a.ping();
        });
        scripts.script("a data watch fires once for setData", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.getDataWatched("~/x");
            b.setData("~/x", "1", -1);
            b.setData("~/x", "2", -1);
            a.ping();
        });
        scripts.script("a data watch fires for delete", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.getDataWatched("~/x");
            b.delete("~/x", -1);
            a.ping();
        });
        scripts.script("a child watch fires for a new and for a removed child, once each time it is set", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.getChildrenWatched("~");
            b.create("~/x", "");
            b.create("~/y", "");
            a.ping();
            a.getChildren2Watched("~");
            b.delete("~/x", -1);
            b.delete("~/y", -1);
            a.ping();
        });
        scripts.script("a child watch fires NodeDeleted when its node goes", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            a.getChildrenWatched("~/p");
            b.delete("~/p", -1);
            a.ping();
        });
        scripts.script("data and child watch on a node that goes are one event", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            a.getChildrenWatched("~/p");
            a.getDataWatched("~/p");
            b.delete("~/p", -1);
            a.ping();
            b.create("~/p", "");
            a.ping();
        });
        scripts.script("exists and getData watches are one entry", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.getDataWatched("~/x");
            a.existsWatched("~/x");
            a.getDataWatched("~/x");
            b.setData("~/x", "", -1);
            b.setData("~/x", "", -1);
            a.ping();
        });
        scripts.script("a setData that changes nothing fires", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "same");
            a.getDataWatched("~/x");
            b.setData("~/x", "same", -1);
            a.ping();
        });
        scripts.script("several watchers all hear it", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            Session c = s.connect("c");
            a.getDataWatched("~");
            b.existsWatched("~");
            c.getChildrenWatched("~");
            a.setData("~", "", -1);
            b.ping();
            c.ping();
        });
        scripts.script("getData and getChildren of a missing node set no watch", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.getDataWatched("~/x");
            a.getChildrenWatched("~/x");
            a.getChildren2Watched("~/x");
            b.create("~/x", "");
            b.create("~/x/y", "");
            a.ping();
        });
        scripts.script("a refused read sets no watch", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "", NO_READ, 0);
            a.getDataWatched("~/x");
            a.existsWatched("~/x");
            a.getChildrenWatched("~/x");
            b.setAcl("~/x", Acl.OPEN, -1);
            b.setData("~/x", "", -1);
            b.create("~/x/y", "");
            a.ping();
        });
    }

    private static void order(Scripts scripts) {
        scripts.script("the event comes before the writer's own reply", s -> {
            Session a = s.connect("a");
            a.getDataWatched("~");
            a.setData("~", "", -1);
        });
        scripts.script("delete fires for the node before the parent", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.getDataWatched("~/x");
            a.getChildrenWatched("~");
            a.delete("~/x", -1);
        });
        scripts.script("create fires for the node before the parent", s -> {
            Session a = s.connect("a");
            a.getChildrenWatched("~");
            a.existsWatched("~/x");
            a.create("~/x", "");
        });
        scripts.script("events stand between the replies of a burst where they belong", s -> {
            Session a = s.connect("a");
            a.pipelined(() -> {
                a.existsWatched("~/x");
                a.create("~/x", "");
                a.getDataWatched("~/x");
                a.setData("~/x", "1", -1);
                a.getData("~/x");
                a.getChildrenWatched("~");
                a.delete("~/x", -1);
                a.getChildren("~");
            });
        });
        scripts.script("a reader sees the event before the new data", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "old");
            a.getDataWatched("~/x");
            b.setData("~/x", "new", -1);
            a.getData("~/x");
        });
    }

    private static void nothing(Scripts scripts) {
        scripts.script("setACL, check, sync and refused writes fire nothing", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            a.addWatch("~", 0);
            a.addWatch("~", 1);
            a.getDataWatched("~/x");
            a.getChildrenWatched("~/x");
            b.setAcl("~/x", Acl.OPEN, -1);
            b.multi(b.partCheck("~/x", -1));
            b.sync("~/x");
            b.setData("~/x", "", 9);
            b.create("~/x", "");
            b.delete("~/x", 9);
            a.ping();
        });
        scripts.script("a grandchild does not concern a child watch", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            a.getChildrenWatched("~");
            b.create("~/p/x", "");
            b.setData("~/p", "", -1);
            a.ping();
        });
        scripts.script("a closed connection takes its watches with it", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.getDataWatched("~");
            a.drop();
            b.setData("~", "", -1);
            b.ping();
        });
    }

    private static void filtered(Scripts scripts) {
        scripts.script("an event about a node one may not read is swallowed, and the watch with it", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.auth("digest", "bob:pw");
            a.existsWatched("~/x");
            b.create("~/x", "", List.of(new Acl(31, new Id("auth", ""))), 0);
            a.ping();
            b.setAcl("~/x", Acl.OPEN, -1);
            b.setData("~/x", "", -1);
            a.ping();
        });
        scripts.script("a child event needs READ on the parent", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/p", "");
            a.getChildrenWatched("~/p");
            a.addWatch("~/p", 0);
            b.setAcl("~/p", NO_READ, -1);
            b.create("~/p/x", "");
            a.ping();
            b.setAcl("~/p", Acl.OPEN, -1);
            b.create("~/p/y", "");
            a.ping();
        });
        scripts.script("a deletion is filtered by the list the node had", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/x", "");
            b.create("~/y", "");
            a.getDataWatched("~/x");
            a.getDataWatched("~/y");
            b.setAcl("~/x", NO_READ, -1);
            b.delete("~/x", -1);
            b.delete("~/y", -1);
            a.ping();
        });
        scripts.script("a recursive watch hears of the nodes it may read", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.addWatch("~", 1);
            b.create("~/open", "");
            b.create("~/closed", "", NO_READ, 0);
            b.create("~/closed/open", "");
            b.setData("~/closed", "", -1);
            b.delete("~/closed/open", -1);
            b.delete("~/closed", -1);
            a.ping();
        });
    }

    private static void sessions(Scripts scripts) {
        scripts.script("the end of a session deletes its ephemeral for those who watch", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            b.create("~/e", "", 1);
            a.getDataWatched("~/e");
            a.getChildrenWatched("~");
            b.closeSession();
            a.ping();
        });
        scripts.script("the closing session does not hear of its own ephemerals unless it watches", s -> {
            Session a = s.connect("a");
            a.create("~/e", "", 1);
            a.getDataWatched("~/e");
            a.closeSession();
            a.awaitClosed();
        });
    }
}
