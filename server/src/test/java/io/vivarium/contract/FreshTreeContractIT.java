/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

/** The built-in nodes and what first creates make of the root (spec 6, 12); the only suite on its servers. */
class FreshTreeContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("fresh");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("the built-in nodes of a tree with one client node", s -> {
            Session a = s.connect("a");
            for (String path : new String[] {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config", ""}) {
                a.exists(path);
                a.getData(path);
                a.getChildren2(path);
                a.getAcl(path);
                a.getAllChildrenNumber(path);
            }
        });
        scripts.script("sequence numbers below the root count client nodes only", s -> {
            Session a = s.connect("a");
            a.create("/n-", "", 2);
            a.create("/n-", "", 3);
            a.exists("/");
        });
        scripts.script("the root as a node like others", s -> {
            Session a = s.connect("a");
            a.setData("/", "root", 0);
            a.setData("/", "root", 0);
            a.getData("/");
            a.setAcl("/", io.vivarium.protocol.data.Acl.OPEN, 0);
            a.exists("/");
            a.getDataWatched("/");
            a.getChildrenWatched("/");
            a.setData("/", "", -1);
            a.create("/top", "");
            a.delete("/top", -1);
            a.addWatch("/", 1);
            a.create("/top", "");
            a.delete("/top", -1);
        });
        scripts.script("a server lists the sessions of this script and no other", s -> {
            Session a = s.connect("a");
            a.getEphemerals("/");
            a.getAllChildrenNumber("/");
        });
    }
}
