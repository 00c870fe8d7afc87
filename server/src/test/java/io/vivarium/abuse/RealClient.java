/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.abuse;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** The stock client, connected. Thread: any; blocks up to its deadline. */
final class RealClient {
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int DEADLINE_SECONDS = 10;

    private RealClient() {}

    static ZooKeeper connect(int port) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + port, SESSION_TIMEOUT_MILLIS, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            client.close();
            throw new IOException("no session on port " + port + " within " + DEADLINE_SECONDS + " s");
        }
        return client;
    }
}
