/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

/** A server that wants a digest login before anything else (spec 7.6). */
class EnforcedAuthContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("enforced-auth")
                .property("zookeeper.enforce.auth.enabled", "true")
                .property("zookeeper.enforce.auth.schemes", "digest");
    }

    @Override
    void setUp(Session session) throws java.io.IOException {
        session.auth("digest", "setup:up");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("a request without a login is refused and ends the connection, not the session", s -> {
            Session a = s.connect("a");
            a.getData("~");
            a.awaitClosed();
            Session b = s.reattach("b", a);
            b.auth("digest", "bob:pw");
            b.getData("~");
        });
        scripts.script("even a ping is refused", s -> {
            Session a = s.connect("a");
            a.ping();
            a.awaitClosed();
        });
        scripts.script("even closeSession is refused", s -> {
            Session a = s.connect("a");
            a.closeSession();
            a.awaitClosed();
        });
        scripts.script("a write is refused and takes no zxid", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            a.awaitClosed();
            Session b = s.connect("b");
            b.auth("digest", "bob:pw");
            b.getChildren("~");
        });
        scripts.script("after a login all goes on as usual", s -> {
            Session a = s.connect("a");
            a.auth("digest", "bob:pw");
            a.create("~/x", "");
            a.ping();
            a.whoAmI();
        });
        scripts.script("another scheme is not enough", s -> {
            Session a = s.connect("a");
            a.auth("ip", "");
            a.ping();
            a.awaitClosed();
        });
    }
}
