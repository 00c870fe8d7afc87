/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.io.IOException;

/** Quotas with hard limits enforced (spec 11). */
class QuotaContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("quota").property("zookeeper.enforceQuota", "true");
    }

    /** Makes the nodes of a quota on {@code ~/q}, as the client shell does: limits first, then stats. */
    static void setQuota(Session a, String limits) throws IOException {
        String root = "/zookeeper/quota" + a.path("~");
        a.create(root, "");
        a.create(root + "/q", "");
        a.create(root + "/q/zookeeper_limits", limits);
        a.create(root + "/q/zookeeper_stats", "count=0,bytes=0");
    }

    static void readQuota(Session a) throws IOException {
        a.getData("/zookeeper/quota" + a.path("~/q/zookeeper_limits"));
        a.getData("/zookeeper/quota" + a.path("~/q/zookeeper_stats"));
    }

    @Override
    void write(Scripts scripts) {
        stats(scripts);
        hardLimits(scripts);
        shapes(scripts);
    }

    private static void stats(Scripts scripts) {
        scripts.script("a new stats node is overwritten with what is there", s -> {
            Session a = s.connect("a");
            a.create("~/q", "12345");
            a.create("~/q/x", "678");
            setQuota(a, "count=100,bytes=1000");
            readQuota(a);
        });
        scripts.script("stats follow creates, changes and deletions, without a trace in the stat", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=100,bytes=1000");
            a.create("~/q/x", "12345");
            readQuota(a);
            a.setData("~/q/x", "123", -1);
            readQuota(a);
            a.create("~/q/x/y", "1");
            a.create("~/q/e", "22", 1);
            readQuota(a);
            a.delete("~/q/x/y", -1);
            a.setData("~/q", "root", -1);
            readQuota(a);
            a.create("~/qq", "not below");
            readQuota(a);
        });
        scripts.script("stats changes fire no watch", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=100,bytes=1000");
            a.getDataWatched("/zookeeper/quota" + a.path("~/q/zookeeper_stats"));
            a.create("~/q/x", "12345");
            a.ping();
        });
        scripts.script("a closing session's ephemerals leave the stats", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.create("~/q", "");
            setQuota(a, "count=100,bytes=1000");
            b.create("~/q/e", "12345", 1);
            readQuota(a);
            b.closeSession();
            readQuota(a);
        });
        scripts.script("stats of a multi", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=100,bytes=1000");
            a.multi(
                    a.partCreate("~/q/x", "12345"),
                    a.partCreate("~/q/y", "12"),
                    a.partSet("~/q/x", "1", -1),
                    a.partDelete("~/q/y", -1));
            readQuota(a);
        });
        scripts.script("soft limits refuse nothing", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=1,bytes=1");
            a.create("~/q/x", "12345");
            a.setData("~/q/x", "1234567", -1);
            readQuota(a);
        });
    }

    private static void hardLimits(Scripts scripts) {
        scripts.script("the hard count refuses the create that goes beyond", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");
            a.create("~/q/1", "");
            a.create("~/q/2", "");
            a.create("~/q/3", "");
            a.create("~/q/1/x", "");
            a.create("~/q/1", "");
            a.delete("~/q/1", -1);
            a.create("~/q/3", "");
            readQuota(a);
        });
        scripts.script("the hard bytes refuse creates and changes that go beyond", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1");
            a.create("~/q/1", "1234567890");
            a.create("~/q/2", "1");
            a.create("~/q/2", "");
            a.setData("~/q/2", "1", -1);
            a.setData("~/q/1", "abcdefghij", -1);
            a.setData("~/q/1", "abc", -1);
            a.setData("~/q/2", "1", -1);
            readQuota(a);
        });
        scripts.script("quota beats BadVersion, NodeExists beats quota", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/x", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=1");
            a.setData("~/q/x", "123", 77);
            a.setData("~/q/x", "", 77);
            a.create("~/q/x", "");
            a.create("~/q/y", "");
            a.create("~/q/no/y", "");
            a.setData("~/q/no", "123", 77);
        });
        scripts.script("within a multi the applied stats count, a deletion makes no room", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/x", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
            a.multi(a.partDelete("~/q/x", -1), a.partCreate("~/q/y", ""));
            a.getChildren("~/q");
            a.delete("~/q/x", -1);
            a.multi(a.partCreate("~/q/1", ""), a.partCreate("~/q/2", ""), a.partCreate("~/q/3", ""));
            a.getChildren("~/q");
            readQuota(a);
        });
        scripts.script("ephemerals, containers and sequential nodes count too", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
            a.create("~/q/e-", "", 3);
            a.create("~/q/e-", "", 3);
            a.createContainer("~/q/c", 4);
            a.create2("~/q/x", "", 0);
        });
        scripts.script("changed limits count at once, removed ones no more", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
            a.create("~/q/x", "");
            String limits = "/zookeeper/quota" + a.path("~/q/zookeeper_limits");
            a.setData(limits, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2", -1);
            a.create("~/q/x", "");
            a.create("~/q/y", "");
            a.delete(limits, -1);
            a.create("~/q/y", "");
        });
    }

    private static void shapes(Scripts scripts) {
        scripts.script("the deepest quota on the way is the only one", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            a.create("~/q/deep", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
            String deep = "/zookeeper/quota" + a.path("~/q/deep");
            a.create(deep, "");
            a.create(deep + "/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3");
            a.create(deep + "/zookeeper_stats", "");
            a.create("~/q/x", "");
            a.create("~/q/deep/1", "");
            a.create("~/q/deep/2", "");
            a.create("~/q/deep/3", "");
            a.getData(deep + "/zookeeper_stats");
            readQuota(a);
        });
        scripts.script("limits without stats, and stats without limits", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            String root = "/zookeeper/quota" + a.path("~");
            a.create(root, "");
            a.create(root + "/q", "");
            a.create(root + "/q/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
            a.create("~/q/x", "");
            a.create("~/q/y", "");
            a.delete(root + "/q/zookeeper_limits", -1);
            a.create(root + "/q/zookeeper_stats", "mine");
            a.create("~/q/z", "");
            a.getData(root + "/q/zookeeper_stats");
        });
        for (String limits :
                new String[] {"", "count=1", "bytes=2", "countHardLimit=1", "count=-1,,bytes=-1;;countHardLimit=1"}) {
            scripts.script("limits written as \"" + limits + "\"", s -> {
                Session a = s.connect("a");
                a.create("~/q", "");
                setQuota(a, limits);
                a.create("~/q/x", "123");
                readQuota(a);
            });
        }
        scripts.deviation(
                "limits with an empty number limit nothing",
                "stock refuses every write below the quota until somebody mends the limits",
                s -> {
                    Session a = s.connect("a");
                    a.create("~/q", "");
                    setQuota(a, "count=5,bytes=");
                    a.create("~/q/x", "123");
                },
                """
                - a< create #6 z+7 MARSHALLING_ERROR
                + a< create #6 z+7 OK path=~/q/x
                """);
        scripts.script("stats that somebody overwrote are taken as they are", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            setQuota(a, "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=5");
            a.setData("/zookeeper/quota" + a.path("~/q/zookeeper_stats"), "count=5,bytes=7", -1);
            a.create("~/q/x", "1");
            readQuota(a);
        });
    }
}
