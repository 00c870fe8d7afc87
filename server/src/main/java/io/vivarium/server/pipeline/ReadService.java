/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientInfo;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclRedaction;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.tree.PathBatch;
import io.vivarium.server.tree.TreeView;
import io.vivarium.server.tree.Znode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers everything that changes no state and waits for nothing: reads, watches, ping. A sync goes the way of a write.
 *
 * <p>Thread: any, inside a hold of {@link TreeGate}: the shared side on an event loop, the exclusive side when the core
 * answers reads that wait between two writes. Value, watch and reply zxid belong to that one moment. A refusal is a
 * reply with a code. Spec: client-protocol 5.3.8 to 5.3.12, 8, 12.
 */
public final class ReadService {
    private static final Logger LOG = LoggerFactory.getLogger(ReadService.class);

    private static final int STAT_BYTES = 68;

    private final TreeView tree;
    private final AccessCheck access;
    private final AuthSchemes schemes;
    private final WatchService watches;
    private final long maxMultiReadBytes;

    /**
     * @param maxMultiReadBytes parts behind so many bytes of one multiRead answer are refused: a short request must not be
     *     able to ask for more than there is memory
     */
    public ReadService(
            TreeView tree, AccessCheck access, AuthSchemes schemes, WatchService watches, long maxMultiReadBytes) {
        this.tree = tree;
        this.access = access;
        this.schemes = schemes;
        this.watches = watches;
        this.maxMultiReadBytes = maxMultiReadBytes;
    }

    /**
     * Appends the complete answer to one request.
     *
     * @param recorder of the calling thread
     * @return false if the connection must end after this answer (an opcode that does not exist)
     */
    public boolean serve(ReadRequest request, ClientLink caller, JuteWriter out, Recorder recorder) {
        ErrorCode failure = request.failure();
        if (failure == ErrorCode.UNIMPLEMENTED) {
            ReplyEncoder.encodeHeader(out, request.xid(), -1, failure.code());
            return false;
        }
        ClientRequest body = request.body();
        if (body == null) {
            ErrorCode code = failure == null ? ErrorCode.MARSHALLING_ERROR : failure;
            ReplyEncoder.encodeHeader(out, request.xid(), tree.lastZxid(), code.code());
            return true;
        }
        serve(request.xid(), request.op(), body, caller, out, recorder);
        return true;
    }

    /** The same for a request that was decoded without fault. */
    public void serve(int xid, int op, ClientRequest body, ClientLink caller, JuteWriter out, Recorder recorder) {
        int start = out.size();
        try {
            answerTo(xid, op, body, caller, out, recorder);
        } catch (RuntimeException e) {
            failed(xid, op, caller, e);
            out.truncate(start);
            ReplyEncoder.encodeHeader(out, xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR.code());
        }
    }

    /** Our fault, and this request alone has to bear it (spec 5.2, step 8). */
    private static void failed(int xid, int op, ClientLink caller, RuntimeException e) {
        LOG.error("{}, xid {}, of session 0x{} fails", OpCode.name(op), xid, Long.toHexString(caller.sessionId()), e);
    }

    /** Looks up what is about to be served in this hold. */
    public void find(PlainReads reads) {
        tree.find(reads.paths());
    }

    /**
     * Appends the complete answer to a getData or an exists that sets no watch.
     *
     * @param reads as found in this hold
     * @param index which of them
     */
    public void serve(PlainReads reads, int index, ClientLink caller, JuteWriter out, Recorder recorder) {
        int xid = reads.xid(index);
        int op = reads.op(index);
        PathBatch paths = reads.paths();
        int start = out.size();
        try {
            Znode node = paths.node(index);
            if (node == null) {
                ReplyEncoder.encodeHeader(out, xid, tree.lastZxid(), ErrorCode.NO_NODE.code());
            } else if (!mayRead(node, caller)) {
                ReplyEncoder.encodeHeader(out, xid, tree.lastZxid(), ErrorCode.NO_AUTH.code());
            } else {
                int mark = out.beginFrame();
                ReplyHeader.write(out, xid, tree.lastZxid(), 0);
                int body = out.size();
                if (op == OpCode.GET_DATA) {
                    node.writeDataAndStat(out);
                    body += Integer.BYTES;
                } else {
                    node.writeStat(out);
                }
                out.endFrame(mark);
                int length = paths.length(index);
                recorder.read(paths.bytes(), paths.start(index), length, length + out.size() - body);
            }
        } catch (RuntimeException e) {
            failed(xid, op, caller, e);
            out.truncate(start);
            ReplyEncoder.encodeHeader(out, xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR.code());
        }
    }

    private void answerTo(int xid, int op, ClientRequest body, ClientLink caller, JuteWriter out, Recorder recorder) {
        if (op == OpCode.SET_WATCHES || op == OpCode.SET_WATCHES2) {
            ErrorCode code = watches.setAll(body, caller, out);
            ReplyEncoder.encodeHeader(out, xid, tree.lastZxid(), code.code());
            return;
        }
        int mark = out.beginFrame();
        ReplyHeader.write(out, op == OpCode.PING ? SpecialXid.PING : xid, tree.lastZxid(), 0);
        ErrorCode code = answer(op, body, caller, out, recorder);
        if (code != ErrorCode.OK) {
            out.truncate(mark);
            ReplyHeader.write(out, xid, tree.lastZxid(), code.code());
        }
        out.endFrame(mark);
    }

    private ErrorCode answer(int op, ClientRequest body, ClientLink caller, JuteWriter out, Recorder recorder) {
        switch (op) {
            case OpCode.GET_DATA:
                return getData((ClientRequest.Read) body, caller, out, recorder);
            case OpCode.EXISTS:
                return exists((ClientRequest.Read) body, caller, out, recorder);
            case OpCode.GET_CHILDREN:
                return getChildren((ClientRequest.Read) body, caller, out, recorder, false);
            case OpCode.GET_CHILDREN2:
                return getChildren((ClientRequest.Read) body, caller, out, recorder, true);
            case OpCode.GET_ACL:
                return getAcl(((ClientRequest.PathOnly) body).path(), caller, out);
            case OpCode.PING:
                return ErrorCode.OK;
            case OpCode.MULTI_READ:
                return multiRead((ClientRequest.Multi) body, caller, out, recorder);
            case OpCode.GET_EPHEMERALS:
                return getEphemerals(((ClientRequest.PathOnly) body).path(), caller, out);
            case OpCode.GET_ALL_CHILDREN_NUMBER:
                return countDescendants(((ClientRequest.PathOnly) body).path(), caller, out);
            case OpCode.WHO_AM_I:
                return whoAmI(caller, out);
            case OpCode.ADD_WATCH:
                return addWatch((ClientRequest.WatchOp) body, caller, out);
            case OpCode.CHECK_WATCHES:
                return watches.check((ClientRequest.WatchOp) body, caller);
            case OpCode.REMOVE_WATCHES:
                return watches.remove((ClientRequest.WatchOp) body, caller);
            default:
                throw new IllegalArgumentException(OpCode.name(op) + " is not a read");
        }
    }

    private ErrorCode getData(ClientRequest.Read request, ClientLink caller, JuteWriter out, Recorder recorder) {
        String path = request.path();
        if (path == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        Znode node = tree.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        if (!mayRead(node, caller)) {
            return ErrorCode.NO_AUTH;
        }
        if (request.watch()) {
            watches.onData(path, caller);
        }
        int before = out.size() + Integer.BYTES;
        node.writeDataAndStat(out);
        recorder.read(path, path.length() + out.size() - before);
        return ErrorCode.OK;
    }

    private ErrorCode exists(ClientRequest.Read request, ClientLink caller, JuteWriter out, Recorder recorder) {
        String path = request.path();
        if (path == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        if (path.indexOf('\0') >= 0) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        Znode node = tree.find(path);
        if (node != null && !mayRead(node, caller)) {
            return ErrorCode.NO_AUTH;
        }
        if (request.watch()) {
            // Also on a node that is not there: its creation is what such a client waits for (spec 8.1).
            watches.onData(path, caller);
        }
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        node.writeStat(out);
        recorder.read(path, path.length() + STAT_BYTES);
        return ErrorCode.OK;
    }

    private ErrorCode getChildren(
            ClientRequest.Read request, ClientLink caller, JuteWriter out, Recorder recorder, boolean withStat) {
        String path = request.path();
        if (path == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        Znode node = tree.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        if (!mayRead(node, caller)) {
            return ErrorCode.NO_AUTH;
        }
        if (request.watch()) {
            watches.onChildren(path, caller);
        }
        int before = out.size();
        node.writeChildNames(out);
        // Names alone: one length stands before the list and one before each of them.
        int names = out.size() - before - Integer.BYTES * (1 + node.childCount());
        recorder.read(path, path.length() + STAT_BYTES + names);
        if (withStat) {
            node.writeStat(out);
        }
        return ErrorCode.OK;
    }

    private ErrorCode getAcl(@Nullable String path, ClientLink caller, JuteWriter out) {
        if (path == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        Znode node = tree.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        List<Acl> acl = tree.acl(node);
        if (!access.allows(acl, Acl.READ | Acl.ADMIN, caller.identities())) {
            return ErrorCode.NO_AUTH;
        }
        out.writeRecords(AclRedaction.shownTo(caller.identities(), acl, access));
        node.writeStat(out);
        return ErrorCode.OK;
    }

    /** Not atomic across entries by contract, though here all of them see one moment; watch flags are ignored. */
    private ErrorCode multiRead(ClientRequest.Multi request, ClientLink caller, JuteWriter out, Recorder recorder) {
        int first = out.size();
        for (ClientRequest.Part part : request.parts()) {
            if (out.size() - first > maxMultiReadBytes) {
                ReplyEncoder.writePartError(out, ErrorCode.MARSHALLING_ERROR.code());
                continue;
            }
            ClientRequest.Read asked = (ClientRequest.Read) part.body();
            ClientRequest.Read read = new ClientRequest.Read(asked.path(), false);
            int start = out.size();
            ReplyEncoder.writePartHeader(out, part.op(), 0);
            ErrorCode code = part.op() == OpCode.GET_DATA
                    ? getData(read, caller, out, recorder)
                    : getChildren(read, caller, out, recorder, false);
            if (code != ErrorCode.OK) {
                out.truncate(start);
                ReplyEncoder.writePartError(out, code.code());
            }
        }
        MultiHeader.END.write(out);
        return ErrorCode.OK;
    }

    private ErrorCode getEphemerals(@Nullable String prefix, ClientLink caller, JuteWriter out) {
        String wanted = prefix == null || prefix.isBlank() || prefix.trim().equals("/") ? "" : prefix;
        List<String> paths = new ArrayList<>();
        for (String path : tree.ephemeralsOf(caller.sessionId())) {
            if (path.startsWith(wanted)) {
                paths.add(path);
            }
        }
        out.writeStrings(paths);
        return ErrorCode.OK;
    }

    private ErrorCode countDescendants(@Nullable String path, ClientLink caller, JuteWriter out) {
        if (path == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        Znode node = tree.find(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        if (!mayRead(node, caller)) {
            return ErrorCode.NO_AUTH;
        }
        // The empty path counts the root under its other name, too, as stock does.
        out.writeInt(tree.countDescendants(path) + (path.isEmpty() ? 1 : 0));
        return ErrorCode.OK;
    }

    private ErrorCode whoAmI(ClientLink caller, JuteWriter out) {
        List<ClientInfo> infos = schemes.describe(caller.identities());
        out.writeRecords(infos);
        return ErrorCode.OK;
    }

    private ErrorCode addWatch(ClientRequest.WatchOp request, ClientLink caller, JuteWriter out) {
        ErrorCode code = watches.addPersistent(request, caller);
        if (code == ErrorCode.OK) {
            // An ErrorResponse body of its own, unlike the other watch operations (spec 15, trap 4).
            out.writeInt(0);
        }
        return code;
    }

    private boolean mayRead(Znode node, ClientLink caller) {
        return access.allows(tree.acl(node), Acl.READ, caller.identities());
    }
}
