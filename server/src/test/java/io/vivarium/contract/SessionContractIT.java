/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ConnectRequest;

/** Expiry and what it does, with short ticks (spec 9.2, 9.3). */
class SessionContractIT extends ContractSuite {
    /** Well above the greatest timeout of the profile plus a tick. */
    private static final int EXPIRY_DEADLINE_MILLIS = 20_000;

    private static final String RENEWED = "a re-attach renews the session with the timeout it asks for";

    @Override
    ServerProfile profile() {
        return ServerProfile.named("short-ticks").config("tickTime", "200");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("timeouts are clamped to 2 and 20 ticks", s -> {
            s.connect("a", 1).ping();
            s.connect("b", 1_000_000).ping();
        });
        scripts.script("a silent session is closed without a word, and is invalid from then on", s -> {
            Session a = s.connect("a", 600);
            a.awaitClosed(EXPIRY_DEADLINE_MILLIS);
            s.reattach("b", a).awaitClosed();
        });
        scripts.script("an expired session's ephemerals go, for those who watch", s -> {
            Session a = s.connect("a", 4_000);
            Session b = s.connect("b", 400);
            b.create("~/e", "", 1);
            a.getDataWatched("~/e");
            b.drop();
            a.awaitEvent();
            a.exists("~/e");
            a.exists("~");
        });
        scripts.script("pings keep a session alive while another one, silent, expires", s -> {
            Session a = s.connect("a", 1_000);
            Session b = s.connect("b", 400);
            b.create("~/e", "", 1);
            a.existsWatched("~/e");
            b.drop();
            a.pingUntilEvent();
            a.exists("~/e");
            s.reattach("c", b).awaitClosed();
        });
        scripts.alone(RENEWED, "in a stock ensemble the old timeout of the session counts on after a re-attach", s -> {
            Session a = s.connect("a", 400);
            a.create("~/e", "", 1);
            Session b = s.connect("b", new ConnectRequest(0, 0, 4_000, a.id(), a.password(), false, true));
            a.awaitClosed();
            Session c = s.connect("c", 400);
            c.awaitClosed(EXPIRY_DEADLINE_MILLIS);
            b.exists("~/e");
        });
        scripts.script("a session that is left behind by its client expires with all its ephemerals at once", s -> {
            Session a = s.connect("a", 4_000);
            Session b = s.connect("b", 400);
            b.create("~/e1", "", 1);
            b.create("~/e2", "", 1);
            b.create("~/e3", "", 3);
            a.getChildrenWatched("~");
            b.drop();
            a.awaitEvent();
            a.getChildren2("~");
        });
    }
}
