/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads what {@link SnapshotBodyWriter} writes, from pieces of any size: the file reader fills a buffer, the quorum link
 * hands over what has arrived (spec persistence 4.1 parts 2 to 4, quorum 1.5).
 *
 * <pre>
 *   SESSION_COUNT -> SESSIONS -> ACL_COUNT -> ACLS -> NODES -> DONE (terminator read)
 * </pre>
 *
 * <p>Thread: one at a time. Each step consumes whole elements and leaves an unfinished one where it is; the caller keeps
 * those bytes and calls again with more behind them. Nothing is allocated on the word of a length field: it must fit the
 * limit and the bytes must be there. Offsets in errors count from the start of the body.
 */
public final class SnapshotBodyReader {
    private enum State {
        SESSION_COUNT,
        SESSIONS,
        ACL_COUNT,
        ACLS,
        NODES,
        DONE
    }

    /** ACL id and stat behind the data of a node. */
    private static final int NODE_TAIL_BYTES = 8 + 60;

    private static final int SESSION_BYTES = 12;

    private final SnapshotSink sink;
    private final int maxLength;
    private State state = State.SESSION_COUNT;
    private long left;
    private long nodes;
    private long consumed;

    /** @param maxLength the greatest length in bytes of one string or buffer */
    public SnapshotBodyReader(SnapshotSink sink, int maxLength) {
        this.sink = sink;
        this.maxLength = maxLength;
    }

    /** Nodes given to the sink so far. */
    public long nodes() {
        return nodes;
    }

    /** True once the terminator has been read. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** Where the next missing byte belongs, for messages. */
    public String stage() {
        switch (state) {
            case SESSION_COUNT, SESSIONS:
                return "the sessions";
            case ACL_COUNT, ACLS:
                return "the ACL table";
            case NODES:
                return "the nodes (after " + nodes + ")";
            default:
                return "the end";
        }
    }

    /**
     * Consumes whole elements from position to limit.
     *
     * @return true once the terminator has been read; bytes behind it stay untouched
     * @throws MalformedDataException if the bytes cannot be a snapshot
     */
    public boolean read(ByteBuffer bytes) {
        int start = bytes.position();
        JuteReader in = new JuteReader(bytes, maxLength);
        try {
            boolean moved = true;
            while (moved && state != State.DONE) {
                moved = step(bytes, in);
            }
        } catch (MalformedDataException e) {
            throw MalformedDataException.badValue(
                    consumed + bytes.position() - start, "snapshot body, " + stage() + ": " + e.getMessage());
        }
        consumed += bytes.position() - start;
        return state == State.DONE;
    }

    private boolean step(ByteBuffer bytes, JuteReader in) {
        switch (state) {
            case SESSION_COUNT:
                return readCount(bytes, in, State.SESSIONS);
            case SESSIONS:
                return readSession(in);
            case ACL_COUNT:
                return readCount(bytes, in, State.ACLS);
            case ACLS:
                return readAcl(bytes, in);
            default:
                return readNode(bytes, in);
        }
    }

    private boolean readCount(ByteBuffer bytes, JuteReader in, State next) {
        if (bytes.remaining() < 4) {
            return false;
        }
        left = in.readInt();
        if (left < 0) {
            throw MalformedDataException.badValue(bytes.position() - 4, "count " + left + " is negative");
        }
        state = next;
        return true;
    }

    private boolean readSession(JuteReader in) {
        if (left == 0) {
            state = State.ACL_COUNT;
            return true;
        }
        if (in.remaining() < SESSION_BYTES) {
            return false;
        }
        sink.session(in.readLong(), in.readInt());
        left--;
        return true;
    }

    private boolean readAcl(ByteBuffer bytes, JuteReader in) {
        if (left == 0) {
            state = State.NODES;
            return true;
        }
        int start = bytes.position();
        try {
            long id = in.readLong();
            List<Acl> acl = Acl.readList(in);
            sink.acl(id, acl == null ? List.of() : acl);
            left--;
            return true;
        } catch (MalformedDataException e) {
            if (e.kind() != MalformedDataException.Kind.TRUNCATED) {
                throw e;
            }
            bytes.position(start);
            return false;
        }
    }

    private boolean readNode(ByteBuffer bytes, JuteReader in) {
        int start = bytes.position();
        int path = lengthAt(bytes, start);
        if (path == UNFINISHED || bytes.remaining() < 4L + Math.max(0, path)) {
            return false;
        }
        if (path < 0) {
            throw MalformedDataException.badValue(start, "null where a path is required");
        }
        if (path == 1 && bytes.get(start + 4) == '/') {
            in.readString();
            state = State.DONE;
            return false;
        }
        int data = lengthAt(bytes, start + 4 + path);
        long size = 8L + path + Math.max(0, data);
        if (data == UNFINISHED || bytes.remaining() < size + NODE_TAIL_BYTES) {
            return false;
        }
        bytes.position(start + (int) size);
        long aclId = in.readLong();
        StoredStat stat = StoredStat.read(in);
        if (bytes.hasArray()) {
            int pathAt = bytes.arrayOffset() + start + 4;
            sink.node(bytes.array(), pathAt, path, pathAt + path + 4, data, aclId, stat);
        } else {
            byte[] copy = new byte[(int) size];
            bytes.get(start, copy);
            sink.node(copy, 4, path, 8 + path, data, aclId, stat);
        }
        nodes++;
        return true;
    }

    private static final int UNFINISHED = -2;

    /** The length field at an absolute position, -1 for null; {@link #UNFINISHED} if it has not all arrived. */
    private int lengthAt(ByteBuffer bytes, int position) {
        if (bytes.limit() - position < 4) {
            return UNFINISHED;
        }
        int length = bytes.getInt(position);
        if (length < -1 || length > maxLength) {
            throw MalformedDataException.badLength(position, length, maxLength);
        }
        return length;
    }
}
