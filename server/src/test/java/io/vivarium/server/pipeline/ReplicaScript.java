/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionPassword;
import io.vivarium.server.watch.WatchTable;
import java.util.ArrayList;
import java.util.List;

/** A replica that is stepped by hand: the test is its clock, its disk and its clients. */
final class ReplicaScript {
    static final int MAX_TXN_BYTES = 4096;
    private static final long MAX_ROUND_MILLIS = 400;

    final GivenTree given = new GivenTree();
    final Metrics metrics = new Metrics();
    /** The zxids that were written and may not be on disk yet. */
    final List<Long> written = new ArrayList<>();

    private final Replica replica;
    private long nowMillis = 1_000_000;

    ReplicaScript() {
        Recorder recorder = metrics.newRecorder();
        WatchService watches = new WatchService(new WatchTable(), given.tree, given.access, recorder);
        replica = new Replica(
                new ReplicaParts(
                        1,
                        MAX_TXN_BYTES,
                        LocalSessions.OFF,
                        new TreeGate(),
                        given.applier,
                        given.preparer,
                        given.sessions,
                        given.expiry,
                        new SessionIds(1, GivenTree.WALL_MILLIS),
                        watches,
                        new ReadService(given.tree, given.access, given.schemes, watches, 1 << 20),
                        new ContainerReaper(given.tree, new ContainerReaper.Config(60_000, 60_000, 0)),
                        recorder),
                applied -> {});
        tellTime();
        replica.serveAlone(proposal -> written.add(proposal.zxid()));
    }

    Replica replica() {
        return replica;
    }

    // ---- The disk ---------------------------------------------------------------------------------------------

    /** Everything written so far is on disk. */
    void sync() {
        if (!written.isEmpty()) {
            syncUpTo(written.get(written.size() - 1));
        }
    }

    void syncUpTo(long zxid) {
        written.removeIf(each -> each <= zxid);
        post(new CoreMessage.JournalSynced(zxid));
    }

    // ---- The clock --------------------------------------------------------------------------------------------

    long nowNanos() {
        return nowMillis * 1_000_000;
    }

    /** Time goes by, in rounds that are never so far apart that the process would seem to have stood still. */
    void pass(long millis) {
        long end = nowMillis + millis;
        while (nowMillis < end) {
            nowMillis = Math.min(end, nowMillis + MAX_ROUND_MILLIS);
            tellTime();
            replica.endRound();
        }
    }

    /** The process is stopped for a while, and goes on with one round. */
    void standStill(long millis) {
        nowMillis += millis;
        tellTime();
        replica.endRound();
    }

    private void tellTime() {
        replica.at(nowNanos(), GivenTree.WALL_MILLIS + nowMillis);
    }

    long nextDeadlineNanos() {
        return replica.nextDeadlineNanos();
    }

    // ---- The clients ------------------------------------------------------------------------------------------

    void post(CoreMessage message) {
        message.deliver(replica);
    }

    FakeLink connect(int timeoutMillis) {
        FakeLink link = new FakeLink();
        link.lastHeardNanos = nowNanos();
        post(new SessionRequest(
                link, new ConnectRequest(0, 0, timeoutMillis, 0, new byte[16], false, true), timeoutMillis));
        return link;
    }

    /** A client that accepts a server without a quorum. */
    FakeLink connectReadOnly(long sessionId, int timeoutMillis) {
        FakeLink link = new FakeLink();
        link.lastHeardNanos = nowNanos();
        byte[] password = SessionPassword.of(sessionId);
        post(new SessionRequest(
                link, new ConnectRequest(0, 0, timeoutMillis, sessionId, password, true, true), timeoutMillis));
        return link;
    }

    FakeLink openSession(int timeoutMillis) {
        FakeLink link = connect(timeoutMillis);
        sync();
        link.news();
        return link;
    }

    FakeLink resume(long sessionId, byte[] password, int timeoutMillis) {
        FakeLink link = new FakeLink();
        link.lastHeardNanos = nowNanos();
        post(new SessionRequest(
                link, new ConnectRequest(0, 0, timeoutMillis, sessionId, password, false, true), timeoutMillis));
        return link;
    }

    void write(FakeLink link, int xid, int op, ClientRequest body, ReadRequest... readsAhead) {
        post(new WriteRequest(
                link, link.sessionId(), xid, op, body, link.identities(), nowNanos(), List.of(readsAhead)));
    }

    void leave(FakeLink link) {
        link.open = false;
        post(new CoreMessage.Disconnected(link));
    }
}
