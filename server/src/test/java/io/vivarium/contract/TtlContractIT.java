/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;

/** Containers and TTL nodes and their removal, with extended types on and a quick reaper (spec 5.3.1, 5.6). */
class TtlContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("extended-types")
                .property("zookeeper.extendedTypesEnabled", "true")
                .property("znode.container.checkIntervalMs", "300");
    }

    @Override
    void write(Scripts scripts) {
        creation(scripts);
        removal(scripts);
        scripts.oursOnly(
                "createTTL with flags that have no TTL and a negative ttl is refused",
                "a stock 3.9.5 server takes it, logs it, and dies when it applies it, now and at each start",
                s -> {
                    Session a = s.connect("a");
                    s.forget();
                    a.createTtl("~/x", 0, -1);
                    a.createTtl("~/x", 4, -5);
                    a.createTtl("~/x", 1, Long.MIN_VALUE);
                    a.getChildren("~");
                },
                """
                a> createTTL #1 ~/x ttl=-1
                a< createTTL #1 z+2 BAD_ARGUMENTS
                a> createTTL #2 ~/x flags=4 ttl=-5
                a< createTTL #2 z+3 BAD_ARGUMENTS
                a> createTTL #3 ~/x flags=1 ttl=-9223372036854775808
                a< createTTL #3 z+4 BAD_ARGUMENTS
                a> getChildren #4 ~
                a< getChildren #4 z+4 OK []
                """);
    }

    private static void creation(Scripts scripts) {
        scripts.script("createTTL answers path and stat, owner 0", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 5, 1_000_000);
            a.createTtl("~/q", 6, 1_000_000);
            a.exists("~/x");
        });
        scripts.script("ttls at the edges", s -> {
            Session a = s.connect("a");
            for (long ttl : new long[] {0, -1, Long.MIN_VALUE, 1L << 40, Long.MAX_VALUE, (1L << 40) - 1}) {
                a.createTtl("~/x" + ttl, 5, ttl);
            }
            a.getChildren("~");
        });
        scripts.script("create and create2 with TTL flags have no ttl and are refused", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", 5);
            a.create2("~/x", "", 6);
            a.createContainer("~/x", 5);
            a.ping();
        });
        scripts.script("createTTL in a multi answers as create2", s -> {
            Session a = s.connect("a");
            a.multi(a.partTtl("~/x", 5, 1_000_000), a.partTtl("~/q", 6, 1_000_000), a.partContainer("~/c"));
            a.multi(a.partTtl("~/y", 5, 0));
            a.multi(a.partTtl("~/y", 0, 5));
            a.multi(new Part(OpCode.CREATE, a.createBody("~/y", "", Acl.OPEN, 5)));
        });
        scripts.script("children of a TTL node", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 5, 1_000_000);
            a.create("~/x/y", "");
            a.create("~/x/e", "", 1);
            a.getChildren2("~/x");
        });
    }

    private static void removal(Scripts scripts) {
        scripts.script("a container goes when its last child has gone", s -> {
            Session a = s.connect("a");
            a.createContainer("~/c", 4);
            a.create("~/c/x", "");
            a.getDataWatched("~/c");
            a.delete("~/c/x", -1);
            a.awaitEvent();
            a.exists("~/c");
            a.exists("~");
        });
        scripts.script("a container that never had a child stays, one that had goes", s -> {
            Session a = s.connect("a");
            a.createContainer("~/never", 4);
            a.createContainer("~/c", 4);
            a.create("~/c/x", "");
            a.getDataWatched("~/c");
            a.delete("~/c/x", -1);
            a.awaitEvent();
            a.getChildren("~");
        });
        scripts.script("a TTL node goes when its time is over", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 5, 50);
            a.existsWatched("~/x");
            a.getChildrenWatched("~");
            a.awaitEvent();
            a.awaitEvent();
            a.exists("~/x");
            a.exists("~");
        });
        scripts.script("a TTL node with a child stays until the child is gone", s -> {
            Session a = s.connect("a");
            a.createTtl("~/x", 5, 50);
            a.create("~/x/y", "");
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.existsWatched("~/x");
            a.delete("~/x/y", -1);
            a.awaitEvent();
        });
        scripts.script("a container made by create flags in a multi is a container", s -> {
            Session a = s.connect("a");
            a.multi(new Part(OpCode.CREATE, a.createBody("~/c", "", Acl.OPEN, 4)), a.partCreate("~/c/x", ""));
            a.existsWatched("~/c");
            a.delete("~/c/x", -1);
            a.awaitEvent();
            a.exists("~/c");
        });
        scripts.script("a create2 with container flags in a multi", s -> {
            Session a = s.connect("a");
            a.multi(new Part(OpCode.CREATE2, a.createBody("~/c", "", Acl.OPEN, 4)), a.partCreate("~/c/x", ""));
            a.createContainer("~/other", 4);
            a.create("~/other/x", "");
            a.existsWatched("~/other");
            a.delete("~/c/x", -1);
            a.delete("~/other/x", -1);
            a.awaitEvent();
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.getChildren("~");
        });
        scripts.script("a createContainer with plain flags in a multi", s -> {
            Session a = s.connect("a");
            a.multi(new Part(OpCode.CREATE_CONTAINER, a.createBody("~/c", "", Acl.OPEN, 0)), a.partCreate("~/c/x", ""));
            a.delete("~/c/x", -1);
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.getChildren("~");
        });
        scripts.script("a plain create with container flags is never removed", s -> {
            Session a = s.connect("a");
            a.create("~/c", "", 4);
            a.create("~/c/x", "");
            a.delete("~/c/x", -1);
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.createTtl("~/clock", 5, 50);
            a.existsWatched("~/clock");
            a.awaitEvent();
            a.getChildren("~");
        });
    }
}
