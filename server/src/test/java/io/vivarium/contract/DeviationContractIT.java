/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;

/** Holes of the stock server that we do not copy (spec 15, items 7, 29, 30); docs/compatibility.md lists them. */
class DeviationContractIT extends ContractSuite {
    @Override
    void write(Scripts scripts) {
        scripts.oursOnly(
                "deleteContainer from a client is unimplemented",
                "stock lets anybody delete any empty node this way, without permission or session; no client sends it",
                s -> {
                    Session a = s.connect("a");
                    a.create("~/x", "", io.vivarium.protocol.data.Acl.READ_ONLY, 0);
                    s.forget();
                    a.deleteContainer("~/x");
                    a.awaitClosed();
                },
                """
                a> deleteContainer #2 ~/x
                a< deleteContainer #2 -1 UNIMPLEMENTED
                a< closed
                """);
        scripts.oursOnly(
                "createSession from a client is unimplemented",
                "stock makes a second session of it and answers with a second connect reply; no client sends it",
                s -> {
                    Session a = s.connect("a");
                    s.forget();
                    a.call("", OpCode.CREATE_SESSION, new ClientRequest.CreateSession(10_000));
                    a.awaitClosed();
                },
                """
                a> createSession #1
                a< createSession #1 -1 UNIMPLEMENTED
                a< closed
                """);
        scripts.oursOnly(
                "a re-attach with a wrong password does not disturb the owner",
                "stock closes the owner's connection before it looks at the password, so anybody who knows an id can",
                s -> {
                    Session a = s.connect("a");
                    s.forget();
                    s.reattach("b", a.id(), Stage.wrongPassword()).awaitClosed();
                    a.ping();
                },
                """
                b> connect
                b< connected version=0 timeout=0 session=0 password=zero readOnly=false (37 bytes)
                b< closed
                a> ping #-2
                a< ping #-2 z+1 OK
                """);
    }
}
