/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;
import java.util.List;

/** Sessions, writes and watches across the members of an ensemble (spec client-protocol 2, 9; quorum 7.3, 7.4, 12). */
class EnsembleContractIT extends EnsembleSuite {
    private static final int SHORT_TIMEOUT_MILLIS = 1_500;
    /** Long enough for another member to set a watch before. */
    private static final int TTL_MILLIS = 2_000;

    @Override
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        super.configure(builder, distribution);
        builder.observer(4, distribution)
                .property("zookeeper.extendedTypesEnabled", "true")
                .property("zookeeper.enforceQuota", "true")
                .property("znode.container.checkIntervalMs", "300");
    }

    @Override
    void write(Scripts scripts) {
        moves(scripts);
        refusals(scripts);
        order(scripts);
        rules(scripts);
        ends(scripts);
    }

    private static void moves(Scripts scripts) {
        scripts.script("a session goes on at every member with its ephemerals, watches are set anew", s -> {
            Session a = s.connect("a", s.follower());
            long zxid = a.create("~/e", "", 1).zxid();
            a.getDataWatched("~/e");
            a.drop();
            Session b = s.resume("b", a, s.otherFollower());
            b.sync("~");
            b.getEphemerals("/");
            b.setWatches(zxid, List.of("~/e"), List.of("~/no"), List.of("~"));
            b.setData("~/e", "1", -1);
            b.drop();
            Session c = s.resume("c", b, s.observer());
            c.sync("~");
            c.setWatches(zxid, List.of("~/e"), List.of(), List.of());
            c.create("~/f", "", 1);
            c.drop();
            Session d = s.resume("d", c, s.leader());
            d.getEphemerals("/");
            d.closeSession();
            d.awaitClosed();
            Session e = s.connect("e", s.follower());
            e.sync("~");
            e.getChildren("~");
        });
        scripts.script("a session that is resumed while its old connection lives", s -> {
            Session a = s.connect("a", s.follower());
            a.create("~/e", "", 1);
            Session b = s.resume("b", a, s.otherFollower());
            b.create("~/f", "", 1);
            // Refused by the leader with -118, which never reaches a client.
            a.sendTogether(() -> a.create("~/g", ""));
            a.awaitClosed();
            // A stock follower may take the refused request for another of the session with the same number, and end.
            b.withXid(12).sync("~");
            b.getChildren("~");
        });
        scripts.script("a session that moves to the leader and back", s -> {
            Session a = s.connect("a", s.follower());
            a.create("~/e", "", 1);
            Session b = s.resume("b", a, s.leader());
            b.create("~/f", "", 1);
            Session c = s.resume("c", b, s.follower());
            a.awaitClosed();
            c.create("~/g", "", 1);
            c.getChildren("~");
        });
        scripts.deviation(
                "the old connection at the leader ends when its session moves to a follower",
                s -> {
                    Session a = s.connect("a", s.leader());
                    a.create("~/e", "", 1);
                    Session b = s.resume("b", a, s.follower());
                    b.setData("~/e", "b", -1);
                    a.sendTogether(() -> a.create("~/g", ""));
                    a.awaitClosed();
                    b.withXid(12).sync("~");
                    b.getChildren("~");
                },
                """
                - b< sync #12 z+4 OK path=~
                + b< sync #12 z+3 OK path=~
                - b< getChildren #2 z+4 OK [e]
                + b< getChildren #2 z+3 OK [e]
                """);
        scripts.script("an observer reads, writes, watches and keeps sessions", s -> {
            Session a = s.connect("a", s.observer());
            Session b = s.connect("b", s.follower());
            a.create("~/x", "1");
            a.getDataWatched("~/x");
            b.setData("~/x", "2", -1);
            a.awaitEvent();
            a.setData("~/x", "3", 0);
            a.sync("~");
            a.create("~/e", "", 1);
            a.delete("~/x", -1);
            b.sync("~");
            b.getChildren("~");
            a.closeSession();
            a.awaitClosed();
            b.sync("~");
            b.getChildren("~");
        });
    }

    private static void refusals(Scripts scripts) {
        scripts.script("a wrong password is refused by every member", s -> {
            Session a = s.connect("a", s.follower());
            for (EnsembleMember member : List.of(s.leader(), s.otherFollower(), s.observer())) {
                s.connect("b", member, EnsembleStage.resumption(a, Stage.wrongPassword()))
                        .awaitClosed();
            }
            a.ping();
        });
        scripts.script("a session that nobody knows, and one that is closed, are refused by every member", s -> {
            Session a = s.connect("a", s.follower());
            a.closeSession();
            a.awaitClosed();
            long unknown = 0x7f00_0000_0000_0001L;
            for (EnsembleMember member : List.of(s.leader(), s.follower(), s.otherFollower(), s.observer())) {
                s.resume("b", a, member).awaitClosed();
                s.connect(
                                "c",
                                member,
                                new ConnectRequest(0, 0, 10_000, unknown, SessionPassword.of(unknown), false, true))
                        .awaitClosed();
            }
        });
        scripts.script("a client that has seen more than a member is not let in", s -> {
            Session a = s.connect("a", s.leader());
            long ahead = a.ping().zxid() + 1_000;
            for (EnsembleMember member : List.of(s.leader(), s.follower(), s.observer())) {
                s.connect(
                        "b",
                        member,
                        new ConnectRequest(0, ahead, 10_000, 0, new byte[ConnectReply.PASSWORD_BYTES], false, true));
                s.connect("c", member, new ConnectRequest(0, ahead, 10_000, a.id(), a.password(), false, true));
            }
            a.ping();
        });
    }

    private static void order(Scripts scripts) {
        scripts.script("a read behind a sync sees what another member has answered", s -> {
            Session a = s.connect("a", s.leader());
            Session b = s.connect("b", s.follower());
            Session c = s.connect("c", s.observer());
            for (int i = 0; i < 5; i++) {
                a.setData("~", "" + i, -1);
                b.sync("~");
                b.getData("~");
                c.sync("~");
                c.getData("~");
            }
        });
        scripts.script("mixed requests on a follower are answered in their order", s -> {
            Session a = s.connect("a", s.follower());
            a.pipelined(() -> {
                a.create("~/x", "");
                a.getData("~/x");
                a.sync("~");
                a.setData("~/x", "1", 7);
                a.getData("~/x");
                a.setData("~/x", "1", 0);
                a.exists("~/no");
                a.create("~/x", "");
                a.sync("~/x");
                a.multi(a.partSet("~/x", "2", 1), a.partDelete("~/no", -1));
                a.multi(a.partSet("~/x", "2", 1), a.partCreate("~/y", ""));
                a.multiRead(a.partGetData("~/x", false), a.partGetChildren("~", false));
                a.delete("~/x", -1);
                a.getChildren("~");
                a.ping();
                a.closeSession();
            });
            a.awaitClosed();
        });
        scripts.script("a hundred writes, reads and syncs of two sessions on one follower", s -> {
            Session a = s.connect("a", s.follower());
            Session b = s.connect("b", s.follower());
            a.create("~/a", "");
            a.create("~/b", "");
            s.stage().forget();
            a.sendTogether(() -> {
                for (int i = 0; i < 50; i++) {
                    a.setData("~/a", "" + i, i);
                    a.getChildren("~");
                    a.sync("~");
                }
            });
            a.awaitReplies();
            b.pipelined(() -> {
                for (int i = 0; i < 50; i++) {
                    b.setData("~/b", "" + i, i);
                    b.setData("~/b", "no", i);
                    b.getData("~/b");
                }
            });
        });
        scripts.script("events come before what they announce, on the member where one waits", s -> {
            Session a = s.connect("a", s.follower());
            Session b = s.connect("b", s.otherFollower());
            a.sync("~");
            a.existsWatched("~/x");
            a.getChildrenWatched("~");
            b.create("~/x", "");
            b.setData("~/x", "1", -1);
            a.sync("~");
            a.getData("~/x");
        });
    }

    private static void rules(Scripts scripts) {
        scripts.script("multi and multiRead on a follower and on an observer", s -> {
            for (EnsembleMember member : List.of(s.follower(), s.observer())) {
                Session a = s.connect("a", member);
                a.multi(a.partCreate("~/x", "1"), a.partSet("~/x", "2", 0), a.partCheck("~/x", 1));
                a.multi(a.partCreate("~/y", ""), a.partCheck("~/x", 9), a.partDelete("~/x", -1));
                a.multiRead(a.partGetData("~/x", false), a.partGetData("~/y", false), a.partGetChildren("~", false));
                a.multi(a.partDelete("~/x", 1));
                a.multi();
            }
        });
        scripts.script("reads with bodies that cannot be decoded are refused by the follower itself", s -> {
            Session a = s.connect("a", s.follower());
            a.pipelined(() -> {
                a.create("~/x", "");
                a.callRaw("no body", OpCode.GET_DATA, out -> {});
                a.callRaw("no body", OpCode.MULTI_READ, out -> {});
                a.getData("~/x");
            });
            a.callRaw("nothing known", 99, out -> {});
            a.awaitClosed();
        });
        scripts.script("identities travel with forwarded writes", s -> {
            Session a = s.connect("a", s.follower());
            a.auth("digest", "bob:pw");
            a.create("~/mine", "", List.of(new Acl(Acl.ALL, new Id("auth", ""))), 0);
            a.getAcl("~/mine");
            a.setData("~/mine", "1", -1);
            Session b = s.connect("b", s.otherFollower());
            b.sync("~");
            b.getData("~/mine");
            b.setData("~/mine", "2", -1);
            b.create("~/mine/x", "");
            b.multi(b.partSet("~/mine", "2", -1));
            b.auth("digest", "bob:pw");
            b.setData("~/mine", "2", -1);
            b.getData("~/mine");
            b.setAcl("~/mine", List.of(new Acl(1, new Id("world", "anyone"))), -1);
            a.setData("~/mine", "3", -1);
            Session c = s.connect("c", s.observer());
            c.auth("digest", "eve:pw");
            c.sync("~");
            c.getData("~/mine");
            c.delete("~/mine", -1);
            c.auth("digest", null);
        });
        scripts.script("a quota holds on every member", s -> {
            Session a = s.connect("a", s.follower());
            String quota = "/zookeeper/quota" + a.path("~");
            a.create(quota, "");
            a.create(quota + "/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=3");
            a.create(quota + "/zookeeper_stats", "count=0,bytes=0");
            a.getData(quota + "/zookeeper_stats");
            a.create("~/x", "12345");
            a.create("~/y", "12345");
            // A stock leader judges by its own tree, which may lag behind those of its followers; now it does not.
            s.connect("judge", s.leader());
            a.create("~/z", "");
            Session b = s.connect("b", s.otherFollower());
            b.setData("~/x", "12345678901234567890", -1);
            b.setData("~/x", "1234567890", -1);
            b.getData(quota + "/zookeeper_stats");
            b.delete("~/y", -1);
            a.sync("~");
            a.getData(quota + "/zookeeper_stats");
            Session c = s.connect("c", s.observer());
            c.multi(c.partCreate("~/z", ""), c.partSet("~/z", "1234567890123", -1));
            c.create("~/z", "");
            c.create("~/zz", "");
            a.delete(quota + "/zookeeper_stats", -1);
            a.delete(quota + "/zookeeper_limits", -1);
            a.delete(quota, -1);
        });
        scripts.script("containers and TTL nodes made on followers are removed once everywhere", s -> {
            Session a = s.connect("a", s.follower());
            Session b = s.connect("b", s.otherFollower());
            a.createTtl("~/t", 5, TTL_MILLIS);
            a.createContainer("~/c", 4);
            a.create("~/c/x", "");
            b.sync("~");
            b.existsWatched("~/t");
            b.awaitEvent();
            b.existsWatched("~/c");
            a.delete("~/c/x", -1);
            b.awaitEvent();
            a.sync("~");
            a.exists("~");
            b.exists("~");
        });
    }

    private static void ends(Scripts scripts) {
        scripts.script("a closed session's ephemerals go once, on every member", s -> {
            Session a = s.connect("a", s.follower());
            Session b = s.connect("b", s.otherFollower());
            Session c = s.connect("c", s.observer());
            a.create("~/e", "", 1);
            a.create("~/f", "", 1);
            b.sync("~");
            c.sync("~");
            b.getDataWatched("~/e");
            c.getDataWatched("~/f");
            a.closeSession();
            a.awaitClosed();
            b.awaitEvent();
            c.awaitEvent();
            b.sync("~");
            b.exists("~");
            c.sync("~");
            c.exists("~");
        });
        scripts.script("a session that nobody uses ends by the leader, with all that it owns", s -> {
            Session a = s.connect("a", s.follower(), SHORT_TIMEOUT_MILLIS);
            Session b = s.connect("b", s.otherFollower());
            a.create("~/e", "", 1);
            b.sync("~");
            b.existsWatched("~/e");
            a.drop();
            b.pingUntilEvent();
            b.exists("~");
            s.resume("c", a, s.otherFollower()).awaitClosed();
            s.resume("d", a, s.leader()).awaitClosed();
        });
        // The last one: a member comes back.
        scripts.script("a session whose follower dies ends when its client stays away, or goes on elsewhere", s -> {
            EnsembleMember dying = s.otherFollower();
            Session watcher = s.connect("w", s.follower());
            Session leaves = s.connect("leaves", dying, SHORT_TIMEOUT_MILLIS);
            Session moves = s.connect("moves", dying);
            leaves.create("~/left", "", 1);
            moves.create("~/kept", "", 1);
            watcher.sync("~");
            watcher.existsWatched("~/left");
            dying.kill9();
            leaves.awaitClosed();
            moves.awaitClosed();
            Session moved = s.resume("moved", moves, s.leader());
            moved.setData("~/kept", "1", -1);
            watcher.pingUntilEvent();
            watcher.getChildren("~");
            dying.start().awaitServing();
            Session again = s.resume("again", moved, dying);
            again.sync("~");
            again.getData("~/kept");
            s.resume("late", leaves, dying).awaitClosed();
            again.closeSession();
            again.awaitClosed();
            watcher.sync("~");
            watcher.exists("~");
        });
    }
}
