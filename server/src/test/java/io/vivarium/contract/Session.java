/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A named connection of a script: sends requests, receives answers, writes both into the transcript.
 *
 * <p>Each request method waits for its reply and notes every frame that arrives before it; inside {@link #pipelined} the
 * requests leave in one segment and the replies are read afterwards. Paths may begin with {@code ~}, the root of the
 * script. Thread: that of the script.
 */
final class Session {
    static final int TIMEOUT_MILLIS = 30_000;
    static final int DEADLINE_MILLIS = 10_000;
    private static final int PING_MILLIS = 100;

    private record Pending(int xid, int op) {}

    private final String name;
    private final Stage stage;
    private final WireClient wire;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final JuteWriter held = new JuteWriter(256);
    private boolean holding;
    private boolean closed;
    private boolean ended;
    private int lastXid;
    private @Nullable ConnectReply connection;
    private @Nullable Integer nextXid;

    Session(String name, Stage stage, WireClient wire) {
        this.name = name;
        this.stage = stage;
        this.wire = wire;
    }

    String name() {
        return name;
    }

    /** A path of the script in full. */
    String path(String path) {
        return String.valueOf(expand(path));
    }

    long id() {
        return connected().sessionId();
    }

    byte[] password() {
        return connected().password();
    }

    boolean isClosed() {
        return closed;
    }

    /** True when the server confirmed the end of the session, so nobody needs to clean it up. */
    boolean isEnded() {
        return ended || connection == null || connection.timeoutMillis() == 0;
    }

    // ---- handshake -------------------------------------------------------------------------------------------------

    /** A connect request as current clients send it. */
    static ConnectRequest newSession(int timeoutMillis) {
        return new ConnectRequest(0, 0, timeoutMillis, 0, new byte[ConnectReply.PASSWORD_BYTES], false, true);
    }

    Session handshake(ConnectRequest request) throws IOException {
        return handshake("connect", request.toBytes());
    }

    /** Sends any bytes as the first frame and notes the answer. */
    Session handshake(String what, byte[] body) throws IOException {
        note("> " + what);
        wire.send(WireClient.frame(out -> out.writeBytes(body, 0, body.length)));
        readConnected();
        return this;
    }

    /** Reads the answer to a connect request that was sent by other means. */
    Session readConnected() throws IOException {
        byte[] frame = readFrame(DEADLINE_MILLIS);
        if (frame == null) {
            return this;
        }
        ConnectReply reply = ConnectReply.read(JuteReader.of(frame));
        connection = reply;
        if (reply.sessionId() != 0) {
            stage.lens().nameSession(reply.sessionId(), name);
        }
        note("< " + stage.lens().connected(reply) + " (" + frame.length + " bytes)");
        return this;
    }

    // ---- requests --------------------------------------------------------------------------------------------------

    Answer.Reply create(String path, String data) throws IOException {
        return create(path, data, Acl.OPEN, 0);
    }

    Answer.Reply create(String path, String data, int flags) throws IOException {
        return create(path, data, Acl.OPEN, flags);
    }

    Answer.Reply create(@Nullable String path, @Nullable String data, @Nullable List<Acl> acl, int flags)
            throws IOException {
        return call(path + flagText(flags), OpCode.CREATE, createBody(path, data, acl, flags));
    }

    Answer.Reply create2(String path, String data, int flags) throws IOException {
        return call(path + flagText(flags), OpCode.CREATE2, createBody(path, data, Acl.OPEN, flags));
    }

    Answer.Reply createContainer(String path, int flags) throws IOException {
        return call(path + flagText(flags), OpCode.CREATE_CONTAINER, createBody(path, "", Acl.OPEN, flags));
    }

    Answer.Reply createTtl(String path, int flags, long ttlMillis) throws IOException {
        return call(path + flagText(flags) + " ttl=" + ttlMillis, OpCode.CREATE_TTL, ttlBody(path, flags, ttlMillis));
    }

    ClientRequest.Create createBody(@Nullable String path, @Nullable String data, @Nullable List<Acl> acl, int flags) {
        return new ClientRequest.Create(stage.lens().expand(path), bytes(data), acl, flags);
    }

    ClientRequest.CreateTtl ttlBody(String path, int flags, long ttlMillis) {
        return new ClientRequest.CreateTtl(stage.lens().expand(path), new byte[0], Acl.OPEN, flags, ttlMillis);
    }

    Answer.Reply delete(@Nullable String path, int version) throws IOException {
        return call(path + " v" + version, OpCode.DELETE, new ClientRequest.Delete(expand(path), version));
    }

    Answer.Reply deleteContainer(String path) throws IOException {
        return call(path, OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly(expand(path)));
    }

    Answer.Reply exists(@Nullable String path) throws IOException {
        return read(OpCode.EXISTS, path, false);
    }

    Answer.Reply existsWatched(String path) throws IOException {
        return read(OpCode.EXISTS, path, true);
    }

    Answer.Reply getData(@Nullable String path) throws IOException {
        return read(OpCode.GET_DATA, path, false);
    }

    Answer.Reply getDataWatched(String path) throws IOException {
        return read(OpCode.GET_DATA, path, true);
    }

    Answer.Reply getChildren(@Nullable String path) throws IOException {
        return read(OpCode.GET_CHILDREN, path, false);
    }

    Answer.Reply getChildrenWatched(String path) throws IOException {
        return read(OpCode.GET_CHILDREN, path, true);
    }

    Answer.Reply getChildren2(@Nullable String path) throws IOException {
        return read(OpCode.GET_CHILDREN2, path, false);
    }

    Answer.Reply getChildren2Watched(String path) throws IOException {
        return read(OpCode.GET_CHILDREN2, path, true);
    }

    private Answer.Reply read(int op, @Nullable String path, boolean watch) throws IOException {
        return call(path + (watch ? " watch" : ""), op, new ClientRequest.Read(expand(path), watch));
    }

    Answer.Reply setData(@Nullable String path, @Nullable String data, int version) throws IOException {
        return call(
                path + " v" + version, OpCode.SET_DATA, new ClientRequest.SetData(expand(path), bytes(data), version));
    }

    Answer.Reply getAcl(@Nullable String path) throws IOException {
        return call(path + "", OpCode.GET_ACL, new ClientRequest.PathOnly(expand(path)));
    }

    Answer.Reply setAcl(@Nullable String path, @Nullable List<Acl> acl, int version) throws IOException {
        return call(path + " v" + version, OpCode.SET_ACL, new ClientRequest.SetAcl(expand(path), acl, version));
    }

    Answer.Reply sync(@Nullable String path) throws IOException {
        return call(path + "", OpCode.SYNC, new ClientRequest.PathOnly(expand(path)));
    }

    /** Also the way to make sure that every event sent so far has been read: it answers behind them. */
    Answer.Reply ping() throws IOException {
        return withXid(SpecialXid.PING).call("", OpCode.PING, ClientRequest.Empty.INSTANCE);
    }

    Answer.Reply auth(@Nullable String scheme, @Nullable String data) throws IOException {
        return withXid(SpecialXid.AUTH)
                .call(scheme + " " + data, OpCode.AUTH, new ClientRequest.Auth(0, scheme, bytes(data)));
    }

    Answer.Reply multi(Part... parts) throws IOException {
        return call(parts.length + " parts", OpCode.MULTI, new ClientRequest.Multi(List.of(parts)));
    }

    Answer.Reply multiRead(Part... parts) throws IOException {
        return call(parts.length + " parts", OpCode.MULTI_READ, new ClientRequest.Multi(List.of(parts)));
    }

    Part partCreate(String path, String data) {
        return partCreate(path, data, 0);
    }

    Part partCreate(String path, String data, int flags) {
        return new Part(OpCode.CREATE, createBody(path, data, Acl.OPEN, flags));
    }

    Part partCreate2(String path, String data, int flags) {
        return new Part(OpCode.CREATE2, createBody(path, data, Acl.OPEN, flags));
    }

    Part partContainer(String path) {
        return new Part(OpCode.CREATE_CONTAINER, createBody(path, "", Acl.OPEN, 4));
    }

    Part partTtl(String path, int flags, long ttlMillis) {
        return new Part(OpCode.CREATE_TTL, ttlBody(path, flags, ttlMillis));
    }

    Part partDelete(String path, int version) {
        return new Part(OpCode.DELETE, new ClientRequest.Delete(expand(path), version));
    }

    Part partSet(String path, String data, int version) {
        return new Part(OpCode.SET_DATA, new ClientRequest.SetData(expand(path), bytes(data), version));
    }

    Part partCheck(String path, int version) {
        return new Part(OpCode.CHECK, new ClientRequest.Check(expand(path), version));
    }

    Part partGetData(String path, boolean watch) {
        return new Part(OpCode.GET_DATA, new ClientRequest.Read(expand(path), watch));
    }

    Part partGetChildren(String path, boolean watch) {
        return new Part(OpCode.GET_CHILDREN, new ClientRequest.Read(expand(path), watch));
    }

    Answer.Reply addWatch(@Nullable String path, int mode) throws IOException {
        return call(path + " mode=" + mode, OpCode.ADD_WATCH, new ClientRequest.WatchOp(expand(path), mode));
    }

    Answer.Reply checkWatches(@Nullable String path, int type) throws IOException {
        return call(path + " type=" + type, OpCode.CHECK_WATCHES, new ClientRequest.WatchOp(expand(path), type));
    }

    Answer.Reply removeWatches(@Nullable String path, int type) throws IOException {
        return call(path + " type=" + type, OpCode.REMOVE_WATCHES, new ClientRequest.WatchOp(expand(path), type));
    }

    Answer.Reply setWatches(long zxid, List<String> data, List<String> exist, List<String> child) throws IOException {
        return withXid(SpecialXid.SET_WATCHES).call("", OpCode.SET_WATCHES, watches(zxid, data, exist, child));
    }

    Answer.Reply setWatches2(
            long zxid,
            List<String> data,
            List<String> exist,
            List<String> child,
            List<String> persistent,
            List<String> recursive)
            throws IOException {
        return withXid(SpecialXid.SET_WATCHES)
                .call(
                        "",
                        OpCode.SET_WATCHES2,
                        new ClientRequest.SetWatches2(
                                watches(zxid, data, exist, child), expand(persistent), expand(recursive)));
    }

    private ClientRequest.SetWatches watches(long zxid, List<String> data, List<String> exist, List<String> child) {
        return new ClientRequest.SetWatches(zxid, expand(data), expand(exist), expand(child));
    }

    Answer.Reply getEphemerals(@Nullable String prefix) throws IOException {
        return call(prefix + "", OpCode.GET_EPHEMERALS, new ClientRequest.PathOnly(expand(prefix)));
    }

    Answer.Reply getAllChildrenNumber(@Nullable String path) throws IOException {
        return call(path + "", OpCode.GET_ALL_CHILDREN_NUMBER, new ClientRequest.PathOnly(expand(path)));
    }

    Answer.Reply whoAmI() throws IOException {
        return call("", OpCode.WHO_AM_I, ClientRequest.Empty.INSTANCE);
    }

    Answer.Reply reconfig(@Nullable String joining, @Nullable String leaving, @Nullable String members, long version)
            throws IOException {
        return call("", OpCode.RECONFIG, new ClientRequest.Reconfig(joining, leaving, members, version));
    }

    Answer.Reply closeSession() throws IOException {
        return call("", OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
    }

    /** The next request carries this xid instead of the next number. */
    Session withXid(int xid) {
        nextXid = xid;
        return this;
    }

    /** Any opcode with any body. */
    Answer.Reply call(String what, int op, JuteRecord body) throws IOException {
        return callRaw(what, op, out -> out.writeRecord(body));
    }

    /** Any opcode, the body written by hand. */
    Answer.Reply callRaw(String what, int op, Consumer<JuteWriter> body) throws IOException {
        int xid = nextXid != null ? nextXid : ++lastXid;
        nextXid = null;
        note("> " + OpCode.name(op) + " #" + xid + (what.isEmpty() ? "" : " " + what));
        byte[] frame = WireClient.frame(out -> {
            new RequestHeader(xid, op).write(out);
            body.accept(out);
        });
        pending.add(new Pending(xid, op));
        if (holding) {
            held.writeBytes(frame, 0, frame.length);
            return new Answer.Reply(op, new ReplyHeader(xid, 0, 0), new byte[0]);
        }
        wire.send(frame);
        return awaitReplies(op);
    }

    // ---- other ways to send and receive ----------------------------------------------------------------------------

    /** The steps of a script that may fail with the connection. */
    @FunctionalInterface
    interface Steps {
        void run() throws IOException;
    }

    /** Sends all requests of {@code steps} in one segment, then reads all their replies. */
    void pipelined(Steps steps) throws IOException {
        sendTogether(steps);
        awaitReplies(OpCode.ERROR);
    }

    /** Sends all requests of {@code steps} in one segment and does not read. */
    void sendTogether(Steps steps) throws IOException {
        holding = true;
        steps.run();
        holding = false;
        byte[] bytes = held.toByteArray();
        held.clear();
        wire.send(bytes);
    }

    /** Puts bytes in front of what {@link #sendTogether} sends. */
    void hold(byte[] bytes) {
        held.writeBytes(bytes, 0, bytes.length);
    }

    /** Sends bytes one at a time, each in a segment of its own. */
    void dribble(String what, byte[] bytes) throws IOException {
        note("> " + what);
        for (byte one : bytes) {
            wire.send(new byte[] {one});
        }
    }

    /** As {@link #pipelined}, byte by byte. */
    void dribbled(Steps steps) throws IOException {
        holding = true;
        steps.run();
        holding = false;
        byte[] bytes = held.toByteArray();
        held.clear();
        dribble("one byte at a time", bytes);
        awaitReplies();
    }

    /** Tells the server that nothing more will come. */
    void halfClose() throws IOException {
        note("> ends its sending side");
        wire.halfClose();
    }

    /** Reads the replies to everything sent and not yet answered. */
    void awaitReplies() throws IOException {
        awaitReplies(OpCode.ERROR);
    }

    /** Sends bytes as they are, in no frame. */
    void sendBytes(String what, byte[] bytes) throws IOException {
        note("> " + what);
        wire.send(bytes);
    }

    /** Reads frames until the server closes. */
    void awaitClosed() throws IOException {
        awaitClosed(DEADLINE_MILLIS);
    }

    void awaitClosed(int deadlineMillis) throws IOException {
        pending.clear();
        while (!closed) {
            receive(deadlineMillis);
        }
    }

    /** Reads one notification that comes in its own time. */
    void awaitEvent() throws IOException {
        Answer answer = receive(DEADLINE_MILLIS);
        if (!(answer instanceof Answer.Notification)) {
            throw new IOException("a notification was due, not " + answer);
        }
    }

    /** As {@link #awaitEvent}, with pings in between that do not show. */
    void pingUntilEvent() throws IOException {
        byte[] ping = WireClient.frame(out -> new RequestHeader(SpecialXid.PING, OpCode.PING).write(out));
        byte[] frame = null;
        for (int pings = 0; pings < DEADLINE_MILLIS / PING_MILLIS; pings++) {
            wire.send(ping);
            frame = wire.readFrame(DEADLINE_MILLIS);
            if (frame == null || ReplyHeader.read(JuteReader.of(frame)).xid() == SpecialXid.NOTIFICATION) {
                break;
            }
            LockSupport.parkNanos(PING_MILLIS * 1_000_000L);
        }
        note("< " + (frame == null ? "closed" : "an event"));
        wire.readFrame(DEADLINE_MILLIS);
    }

    /** All bytes up to the end of the stream, as text. */
    String readText() throws IOException {
        return new String(wire.readToEnd(DEADLINE_MILLIS), StandardCharsets.UTF_8);
    }

    /** Closes the socket and leaves the session alive. */
    void drop() throws IOException {
        note("> drops its socket");
        closed = true;
        wire.close();
    }

    /** Ends the session and the socket without a note, after the script. */
    void cleanUp() throws IOException {
        if (!closed && !isEnded()) {
            wire.send(WireClient.frame(out -> new RequestHeader(0, OpCode.CLOSE_SESSION).write(out)));
            while (!closed) {
                closed = wire.readFrame(DEADLINE_MILLIS) == null;
            }
            ended = true;
        }
        wire.close();
    }

    private Answer.Reply awaitReplies(int op) throws IOException {
        Answer.Reply last = new Answer.Reply(op, new ReplyHeader(0, 0, 0), new byte[0]);
        while (!pending.isEmpty() && !closed) {
            if (receive(DEADLINE_MILLIS) instanceof Answer.Reply reply) {
                last = reply;
            }
        }
        return last;
    }

    private Answer receive(int deadlineMillis) throws IOException {
        byte[] frame = readFrame(deadlineMillis);
        if (frame == null) {
            return new Answer.Closed();
        }
        JuteReader in = JuteReader.of(frame);
        ReplyHeader header = ReplyHeader.read(in);
        if (header.xid() == SpecialXid.NOTIFICATION && !isPending(SpecialXid.NOTIFICATION)) {
            Answer.Notification notification = new Answer.Notification(header, WatchEvent.read(in));
            note("< " + stage.lens().notification(notification));
            return notification;
        }
        Answer.Reply reply = new Answer.Reply(opOf(header.xid()), header, in.readRest());
        note("< " + stage.lens().reply(reply));
        if (reply.op() == OpCode.CLOSE_SESSION && reply.isOk()) {
            ended = true;
        }
        return reply;
    }

    private boolean isPending(int xid) {
        return pending.stream().anyMatch(request -> request.xid() == xid);
    }

    /** The oldest request of that xid; a ping is answered with xid -2 whatever it asked with. */
    private int opOf(int xid) {
        for (Pending request : pending) {
            if (request.xid() == xid || (xid == SpecialXid.PING && request.op() == OpCode.PING)) {
                pending.remove(request);
                return request.op();
            }
        }
        return OpCode.NOTIFICATION;
    }

    private byte @Nullable [] readFrame(int deadlineMillis) throws IOException {
        byte[] frame;
        try {
            frame = wire.readFrame(deadlineMillis);
        } catch (SocketTimeoutException silence) {
            throw new IOException(name + " heard nothing within " + deadlineMillis + " ms", silence);
        }
        if (frame == null) {
            closed = true;
            pending.clear();
            note("< closed");
        }
        return frame;
    }

    private ConnectReply connected() {
        if (connection == null) {
            throw new IllegalStateException(name + " is not connected");
        }
        return connection;
    }

    private void note(String text) {
        stage.note(name + text);
    }

    private @Nullable String expand(@Nullable String path) {
        return stage.lens().expand(path);
    }

    private List<@Nullable String> expand(List<String> paths) {
        return Arrays.asList(paths.stream().map(stage.lens()::expand).toArray(String[]::new));
    }

    private static String flagText(int flags) {
        return flags == 0 ? "" : " flags=" + flags;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
