/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.List;

/** A server with {@code skipACL=yes}, without the digest scheme and without reconfig (spec 5.3.7, 7.2 to 7.4, 8.6). */
class SwitchesContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("skip-acl")
                .property("zookeeper.skipACL", "yes")
                .config("reconfigEnabled", "false")
                .property("zookeeper.DigestAuthenticationProvider.enabled", "false");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("nothing is refused for lack of permission", s -> {
            Session a = s.connect("a");
            List<Acl> closed = List.of(new Acl(0, Id.ANYONE));
            a.create("~/x", "data", closed, 0);
            a.getData("~/x");
            a.setData("~/x", "", -1);
            a.create("~/x/y", "");
            a.getAcl("~/x");
            a.getDataWatched("~/x");
            a.setAcl("~/x", closed, -1);
            a.setData("~/x", "", -1);
            a.delete("~/x/y", -1);
            a.setData("/zookeeper/config", "x", 99);
        });
        scripts.script("lists are still looked at", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(), 0);
            a.create("~/x", "", List.of(new Acl(31, new Id("nosuch", "x"))), 0);
            a.create("~/x", "", List.of(new Acl(31, new Id("ip", "x"))), 0);
            a.create("~/x", "", List.of(new Acl(31, new Id("auth", ""))), 0);
        });
        scripts.script("with the digest scheme off its logins fail and its ids are invalid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "", List.of(new Acl(31, new Id("digest", "a:b"))), 0);
            a.auth("digest", "bob:pw");
            a.awaitClosed();
        });
        scripts.script("reconfig is disabled, whatever it asks", s -> {
            Session a = s.connect("a");
            a.reconfig("server.5=127.0.0.1:1:2;3", null, null, -1);
            a.reconfig(null, null, null, 5);
            a.ping();
        });
    }
}
