/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.data.Acl;
import java.util.List;

/** Path validation of the writes, at the edges of every range (spec 5.4). */
class PathContractIT extends ContractSuite {
    private static final String EDGES =
            "\u0001\u001f ~\u007f\u009f\u00a0\u00ff\u2028\ud7ff\ue000\uf8ff" + "\uf900\ufdd0\uffef\ufff0\ufffd\uffff";

    @Override
    void write(Scripts scripts) {
        scripts.script("characters at the edge of each forbidden range, in create", s -> {
            Session a = s.connect("a");
            EDGES.chars().forEach(c -> run(() -> a.create("~/" + (char) c, "")));
            a.getChildren("~");
        });
        scripts.script("characters at the edge of each forbidden range, in setData and setACL", s -> {
            Session a = s.connect("a");
            EDGES.chars()
                    .forEach(c -> run(() -> {
                        a.setData("~/" + (char) c, "", -1);
                        a.setAcl("~/" + (char) c, List.of(new Acl(31, io.vivarium.protocol.data.Id.ANYONE)), -1);
                    }));
        });
        scripts.script("a character above U+FFFF is refused", s -> {
            Session a = s.connect("a");
            a.create("~/\ud83d\ude00", "");
            a.setData("~/\ud83d\ude00", "", -1);
        });
        scripts.script("malformed UTF-8 in a path is refused as U+FFFD", s -> {
            Session a = s.connect("a");
            a.callRaw("path with byte ff", io.vivarium.protocol.client.OpCode.CREATE, out -> {
                byte[] path = s.lens().expand("~/x").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                path[path.length - 1] = (byte) 0xff;
                out.writeBuffer(path);
                out.writeBuffer(new byte[0]);
                out.writeRecords(Acl.OPEN);
                out.writeInt(0);
            });
            a.getChildren("~");
        });
        for (String name : List.of(".", "..", "...", "a.", ".a", "..a", ". ", " ", "a b", "a/", "/", "")) {
            scripts.script("a node named \"" + name + "\"", s -> {
                Session a = s.connect("a");
                a.create("~/" + name, "");
                a.setData("~/" + name, "", -1);
                a.setAcl("~/" + name, Acl.OPEN, -1);
                a.multi(a.partCheck("~/" + name, -1));
                a.exists("~/" + name);
                a.delete("~/" + name, -1);
            });
        }
        scripts.script("relative names and empty names inside a path", s -> {
            Session a = s.connect("a");
            a.create("~/x", "");
            for (String path : List.of("~/./x", "~/../x", "~//x", "~/x/.", "~/x/..", "~/x/", "x", "", "~/x//")) {
                a.setData(path, "", -1);
                a.create(path, "");
            }
        });
        scripts.script("a deep path", s -> {
            Session a = s.connect("a");
            StringBuilder path = new StringBuilder("~");
            for (int i = 0; i < 60; i++) {
                a.create(path.append("/n").append(i).toString(), "");
            }
            a.getAllChildrenNumber("~");
        });
        scripts.script("a long name", s -> {
            Session a = s.connect("a");
            a.create("~/" + "n".repeat(70_000), "");
            a.getChildren("~");
        });
    }

    private static void run(Session.Steps steps) {
        try {
            steps.run();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
