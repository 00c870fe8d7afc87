/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.AuthRequirement;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.RequestRoute;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.SessionRequest;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.WatchService;
import io.vivarium.server.pipeline.WriteRequest;
import io.vivarium.server.session.SessionTimeouts;
import io.vivarium.server.tree.ChangeListener;
import io.vivarium.server.tree.SessionChanges;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;

/** A client port over a fresh tree; what would go to the core is kept until the test answers it. */
final class GivenPort implements RequestRoute {
    static final long OUR_ZXID = 0x1_0000_0005L;
    static final int MAX_FRAME_BYTES = 200_000;
    static final int SESSIONLESS_MILLIS = 1000;

    ServiceMode service = ServiceMode.EVERYBODY;
    long nowNanos;
    final Admission admission = new Admission(4, 1 << 20);
    final UnsentBytes unsent = new UnsentBytes(100_000, 400_000);
    final Queue<SessionRequest> sessions = new ArrayDeque<>();
    final Queue<WriteRequest> writes = new ArrayDeque<>();
    final List<ClientLink> ended = new ArrayList<>();
    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    final ClientPort port = port();

    private ClientPort port() {
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        AccessCheck access = new AccessCheck(schemes, AuthConfig.DEFAULT);
        WatchService watches = new WatchService(new WatchTable(), tree, access, new Recorder());
        return new ClientPort(
                new ClientPort.Limits(MAX_FRAME_BYTES, MAX_FRAME_BYTES, SESSIONLESS_MILLIS, 200_000),
                this,
                new TreeGate(),
                new ReadService(tree, access, schemes, watches, 1 << 20),
                watches,
                schemes,
                AuthRequirement.of(AuthConfig.DEFAULT, schemes),
                new SessionTimeouts(4000, 40_000),
                admission,
                unsent,
                new LargeRequests(-1, Long.MAX_VALUE),
                new ConnectionThrottle(ConnectionThrottle.Config.OFF, new SplittableRandom(1), 0),
                new OneCommand(),
                () -> service,
                () -> OUR_ZXID,
                () -> nowNanos,
                () -> 0);
    }

    /** The root has so many bytes of data from now on. */
    void growRoot(int bytes) {
        SessionChanges nobody = new SessionChanges() {
            @Override
            public void cleared() {}

            @Override
            public void created(long id, int timeoutMillis) {}

            @Override
            public void closed(long id) {}
        };
        TxnHeader header = new TxnHeader(0, 0, OUR_ZXID, 0, OpCode.SET_DATA);
        new TxnApplier(tree, nobody)
                .apply(new LoggedTxn(header, new Txn.SetData("/", new byte[bytes], 1), null), ChangeListener.NONE);
    }

    /** The core lets the client in that asked first. */
    void acceptSession(long id) {
        SessionRequest request = sessions.remove();
        request.link()
                .established(
                        id,
                        ConnectReply.accepted(
                                request.timeoutMillis(),
                                id,
                                new byte[16],
                                false,
                                request.connect().hasReadOnlyByte()));
    }

    /** The core has no such session. */
    void refuseSession() {
        sessions.remove().link().refused(ConnectReply.invalidSession(false, true));
    }

    /** The core answers the oldest write, with zxid and error 0 and nothing behind. */
    void answerWrite() {
        WriteRequest write = writes.remove();
        write.link().queue(write);
    }

    @Override
    public void openSession(SessionRequest request) {
        sessions.add(request);
    }

    @Override
    public void submit(WriteRequest request) {
        writes.add(request);
    }

    @Override
    public void awaken() {}

    @Override
    public void standIn() {}

    @Override
    public void ended(ClientLink link) {
        ended.add(link);
    }
}
