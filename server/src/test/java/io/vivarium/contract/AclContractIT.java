/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ACL lists, schemes, logins, expansion, redaction and the superuser (spec 7). */
class AclContractIT extends ContractSuite {
    private static final String NO_RECONFIG = "the membership of our ensembles cannot be changed at run time yet";
    /** {@code super:super} and {@code bob:pw}, as SHA-1 digests. */
    private static final String SUPER = "super:gG7s8t3oDEtIqF6DM9LlI/R+9Ss=";

    private static final String BOB = "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=";

    @Override
    ServerProfile profile() {
        return ServerProfile.named("super-digest")
                .property("zookeeper.DigestAuthenticationProvider.superDigest", SUPER)
                .config("reconfigEnabled", "true");
    }

    @Override
    void write(Scripts scripts) {
        lists(scripts);
        syntax(scripts);
        digest(scripts);
        expansion(scripts);
        ip(scripts);
        redaction(scripts);
        logins(scripts);
        superuser(scripts);
    }

    private static Acl acl(int perms, @Nullable String scheme, @Nullable String id) {
        return new Acl(perms, new Id(scheme, id));
    }

    private static void lists(Scripts scripts) {
        scripts.script("permission bits are kept as sent", s -> {
            Session a = s.connect("a");
            for (int perms : new int[] {1, 5, 17, 31, 255, -1, Integer.MAX_VALUE}) {
                a.create("~/p" + perms, "", List.of(acl(perms, "world", "anyone")), 0);
                a.getAcl("~/p" + perms);
            }
            a.create("~/zero", "", List.of(acl(0, "world", "anyone")), 0);
            a.getAcl("~/zero");
        });
        scripts.script("exact duplicates are dropped, others and the order are kept", s -> {
            Session a = s.connect("a");
            a.create(
                    "~/x",
                    "",
                    List.of(
                            acl(1, "world", "anyone"),
                            acl(31, "ip", "127.0.0.1"),
                            acl(1, "world", "anyone"),
                            acl(2, "world", "anyone"),
                            acl(31, "ip", "127.0.0.1"),
                            acl(1, "ip", "127.0.0.1")),
                    0);
            a.getAcl("~/x");
            a.setAcl("~/x", List.of(acl(31, "world", "anyone"), acl(31, "world", "anyone")), -1);
            a.getAcl("~/x");
        });
        scripts.script("any one entry that grants is enough", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(acl(1, "world", "anyone"), acl(2, "ip", "127.0.0.1")), 0);
            a.getData("~/x");
            a.setData("~/x", "", -1);
            a.create("~/x/y", "");
        });
        for (int perms = 0; perms < 32; perms = perms == 0 ? 1 : perms * 2) {
            int given = perms;
            scripts.script("what permission " + given + " alone allows", s -> {
                Session a = s.connect("a");
                a.create("~/x", "", List.of(acl(31, "world", "anyone")), 0);
                a.create("~/x/old", "");
                a.setAcl("~/x", List.of(acl(given, "world", "anyone")), -1);
                a.exists("~/x");
                a.getData("~/x");
                a.getChildren("~/x");
                a.getAcl("~/x");
                a.getAllChildrenNumber("~/x");
                a.setData("~/x", "", -1);
                a.create("~/x/new", "");
                a.delete("~/x/old", -1);
                a.multi(a.partCheck("~/x", -1));
                a.sync("~/x");
                a.addWatch("~/x", 0);
                a.setAcl("~/x", List.of(acl(31, "world", "anyone")), -1);
            });
        }
    }

    private static void syntax(Scripts scripts) {
        String[][] ids = {
            {"world", "anyone"},
            {"world", "other"},
            {"world", ""},
            {"nosuch", "x"},
            {"", "x"},
            {"super", "x"},
            {"digest", "a:b"},
            {"digest", ":b"},
            {"digest", "a:b:"},
            {"digest", "a"},
            {"digest", "a:"},
            {"digest", "a:b:c"},
            {"digest", ""},
            {"digest", "::"},
            {"ip", "127.0.0.1"},
            {"ip", "127.0.0.1/32"},
            {"ip", "127.0.0.1/0"},
            {"ip", "127.0.0.1/33"},
            {"ip", "127.0.0.1/-1"},
            {"ip", "127.0.0.1/x"},
            {"ip", "127.0.0.1/"},
            {"ip", "127.0.0"},
            {"ip", "127.0.0.1.1"},
            {"ip", "256.0.0.1"},
            {"ip", "1.2.3.x"},
            {"ip", ""},
            {"ip", "::1"},
            {"ip", "0:0:0:0:0:0:0:1"},
            {"ip", "::"},
            {"ip", "1:2:3:4:5:6:7:8"},
            {"ip", "1:2:3:4:5:6:7"},
            {"ip", "1:2:3:4:5:6:7:8:9"},
            {"ip", "::1/128"},
            {"ip", "::1/129"},
            {"ip", "1::2::3"},
            {"ip", "g::1"},
            {"ip", "12345::"},
            {"ip", "localhost"},
            {"ip", "1.2.3.4/16/8"},
            {"sasl", "bob"},
            {"x509", "CN=bob"},
            {"auth", ""},
            {"auth", "anything"},
            {"DIGEST", "a:b"},
        };
        for (String[] id : ids) {
            scripts.script("the ACL id " + id[0] + ":" + id[1], s -> {
                Session a = s.connect("a");
                a.create("~/x", "", List.of(acl(31, "world", "anyone"), acl(31, id[0], id[1])), 0);
                a.getAcl("~/x");
            });
        }
        scripts.script("null schemes and null ids", s -> {
            Session a = s.connect("a");
            a.create("~/a", "", List.of(acl(31, null, "x")), 0);
            a.create("~/b", "", List.of(acl(31, "world", null)), 0);
            a.create("~/c", "", List.of(acl(31, "digest", null)), 0);
            a.create("~/d", "", List.of(acl(31, "ip", null)), 0);
            a.create("~/e", "", List.of(acl(31, "auth", null)), 0);
            a.create("~/f", "", List.of(acl(31, "nosuch", null)), 0);
            a.setAcl("~", List.of(acl(31, null, null)), -1);
            a.setAcl("~", List.of(acl(31, "digest", null)), -1);
            a.ping();
        });
    }

    private static void digest(Scripts scripts) {
        scripts.script("a digest entry opens for the one who knows user and password", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.auth("digest", "bob:pw");
            a.create("~/x", "secret", List.of(acl(31, "digest", BOB)), 0);
            a.getData("~/x");
            a.getAcl("~/x");
            b.getData("~/x");
            b.auth("digest", "bob:wrong");
            b.getData("~/x");
            b.auth("digest", "bob:pw");
            b.getData("~/x");
        });
        scripts.script("logins add up", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.auth("digest", "eve:pw");
            a.auth("digest", "bob:pw");
            a.whoAmI();
            a.create("~/x", "", List.of(acl(31, "digest", BOB)), 0);
            a.getData("~/x");
        });
        scripts.script("a login belongs to the connection, not to the session", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
            a.drop();
            Session b = s.reattach("b", a);
            b.getData("~/x");
        });
    }

    private static void expansion(Scripts scripts) {
        scripts.script("auth stands for the caller's digest identities", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
            a.getAcl("~/x");
            a.create("~/y", "", List.of(acl(1, "world", "anyone"), acl(7, "auth", "x"), acl(2, "ip", "::1")), 0);
            a.getAcl("~/y");
        });
        scripts.script("auth with a null id works, as kazoo sends it", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.create("~/x", "", List.of(acl(31, "auth", null)), 0);
            a.getAcl("~/x");
        });
        scripts.script("auth without a login that identifies is invalid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
            a.create("~/x", "", List.of(acl(31, "world", "anyone"), acl(31, "auth", "")), 0);
            a.auth("ip", "");
            a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
        });
        scripts.script("duplicates after expansion are kept", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.create(
                    "~/x",
                    "",
                    List.of(acl(31, "auth", ""), acl(31, "digest", BOB), acl(31, "auth", "x"), acl(1, "auth", "")),
                    0);
            a.getAcl("~/x");
        });
        scripts.script("auth in setACL", s -> {
            Session a = s.connect("a");
            a.setAcl("~", List.of(acl(31, "auth", "")), -1);
            a.auth("digest", "bob:pw");
            a.setAcl("~", List.of(acl(31, "auth", "")), -1);
            a.getAcl("~");
            a.setAcl("~", Acl.OPEN, -1);
        });
        scripts.script("auth in a multi", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.multi(new io.vivarium.protocol.client.ClientRequest.Part(
                    1, a.createBody("~/x", "", List.of(acl(31, "auth", "")), 0)));
            a.getAcl("~/x");
            Session b = s.connect("b");
            b.multi(new io.vivarium.protocol.client.ClientRequest.Part(
                    1, b.createBody("~/y", "", List.of(acl(31, "auth", "")), 0)));
        });
        scripts.script("the superuser's auth is its digest identity", s -> {
            Session a = s.connect("a");
            a.auth("digest", "super:super");
            a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
            a.getAcl("~/x");
        });
    }

    private static void ip(Scripts scripts) {
        String[] matching = {
            "127.0.0.1",
            "127.0.0.1/32",
            "127.0.0.0/8",
            "127.0.0.0/9",
            "0.0.0.0/0",
            "10.0.0.0/0",
            "127.0.0.2",
            "127.0.0.2/31",
            "127.0.0.0/31",
            "128.0.0.0/1",
            "10.0.0.0/8",
            "::1",
            "::/0",
            "127.0.0.2/30",
        };
        for (String id : matching) {
            scripts.script("a client on 127.0.0.1 and the entry ip:" + id, s -> {
                Session a = s.connect("a");
                a.create("~/x", "", List.of(acl(1, "ip", id)), 0);
                a.getData("~/x");
            });
        }
        scripts.script("an ip login adds nothing new", s -> {
            Session a = s.connect("a");
            a.auth("ip", "10.0.0.1");
            a.whoAmI();
        });
    }

    private static void redaction(Scripts scripts) {
        scripts.script("who lacks ADMIN sees digest ids without their hashes", s -> {
            Session a = s.connect("a");
            Session b = s.connect("b");
            a.auth("digest", "bob:pw");
            a.create(
                    "~/x",
                    "",
                    List.of(
                            acl(31, "digest", BOB),
                            acl(1, "world", "anyone"),
                            acl(1, "ip", "127.0.0.1"),
                            acl(3, "digest", ":b"),
                            acl(3, "digest", "a:b:")),
                    0);
            a.getAcl("~/x");
            b.getAcl("~/x");
            b.auth("digest", "super:super");
            b.getAcl("~/x");
        });
    }

    private static void logins(Scripts scripts) {
        String[][] packets = {
            {"digest", "nocolon"}, {"digest", ""}, {"digest", ":"}, {"digest", "a:b:c"}, {"digest", "\u00fc:\u00fc"},
        };
        for (String[] packet : packets) {
            scripts.script("the login " + packet[0] + " \"" + packet[1] + "\" is taken", s -> {
                Session a = s.connect("a");
                a.auth(packet[0], packet[1]);
                a.whoAmI();
                a.create("~/x", "", List.of(acl(31, "auth", "")), 0);
                a.getAcl("~/x");
            });
        }
        String[][] refused = {{"nosuch", "x"}, {"world", "anyone"}, {"sasl", "x"}, {"x509", "x"}, {"super", "x"}};
        for (String[] packet : refused) {
            scripts.script("the login with scheme " + packet[0] + " fails and ends the connection", s -> {
                Session a = s.connect("a");
                a.create("~/e", "", 1);
                a.auth(packet[0], packet[1]);
                a.awaitClosed();
                s.reattach("b", a).exists("~/e");
            });
        }
        scripts.script("a login without data fails", s -> {
            Session a = s.connect("a");
            a.auth("digest", null);
            a.awaitClosed();
        });
        scripts.script("a login with a null scheme", s -> {
            Session a = s.connect("a");
            a.auth(null, "x");
            a.awaitClosed();
        });
        scripts.script("sasl on a server without a login configuration gives a null token and goes on", s -> {
            Session a = s.connect("a");
            a.call("empty token", 102, new io.vivarium.protocol.client.ClientRequest.Sasl(new byte[0]));
            a.call("token", 102, new io.vivarium.protocol.client.ClientRequest.Sasl(new byte[] {1}));
            a.call("null token", 102, new io.vivarium.protocol.client.ClientRequest.Sasl(null));
            a.ping();
        });
    }

    private static void superuser(Scripts scripts) {
        scripts.script("the superuser has a second identity and may all", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(acl(31, "digest", BOB)), 0);
            a.getData("~/x");
            a.auth("digest", "super:super");
            a.whoAmI();
            a.getData("~/x");
            a.setData("~/x", "", -1);
            a.create("~/x/y", "");
            a.getAcl("~/x");
            a.delete("~/x/y", -1);
            a.setAcl("~/x", Acl.OPEN, -1);
        });
        scripts.script("a wrong password of the superuser is an ordinary login", s -> {
            Session a = s.connect("a");
            a.auth("digest", "super:wrong");
            a.whoAmI();
            a.create("~/x", "", List.of(acl(31, "digest", BOB)), 0);
            a.getData("~/x");
        });
        scripts.script("not even the superuser deletes the system nodes", s -> {
            Session a = s.connect("a");
            a.auth("digest", "super:super");
            a.delete("/", -1);
            a.delete("/zookeeper", -1);
            a.delete("/zookeeper/quota", -1);
            a.delete("/zookeeper/config", -1);
        });
        scripts.script("the superuser may set the config node", s -> {
            Session a = s.connect("a");
            a.auth("digest", "super:super");
            a.setData("/zookeeper/config", "", 77);
        });
        scripts.alone("reconfig on a standalone server is unimplemented, for anybody", NO_RECONFIG, s -> {
            Session a = s.connect("a");
            a.reconfig("server.5=127.0.0.1:1:2;3", null, null, -1);
            a.reconfig(null, null, null, -1);
            a.reconfig(null, null, "nonsense", 5);
            a.auth("digest", "super:super");
            a.reconfig("server.5=127.0.0.1:1:2;3", null, null, -1);
            a.ping();
        });
    }
}
