/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.protocol.client.ClientInfo;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns answers into text that two servers can agree on.
 *
 * <p>Zxids become distances to the zxid at the start of the script ({@code z+3}), session ids the names of the connections
 * that got them, passwords a verdict, times "now", the script's own root {@code ~}; lists whose order is nobody's promise
 * are sorted (spec 4.1, 10.3, 12). All else is printed as received, and bytes behind a complete body are shown, so a
 * difference in any field shows. Thread: that of the script.
 */
final class Lens {
    private static final long NOW_WINDOW_MILLIS = 3_600_000;
    private static final int SHOWN_BYTES = 80;

    private final long baseZxid;
    private final String root;
    private final long startMillis;
    private final Map<Long, String> sessionNames = new HashMap<>();

    Lens(long baseZxid, String root, long startMillis) {
        this.baseZxid = baseZxid;
        this.root = root;
        this.startMillis = startMillis;
    }

    /** A leading {@code ~} stands for the root of the script. */
    @Nullable
    String expand(@Nullable String path) {
        return path != null && path.startsWith("~") ? root + path.substring(1) : path;
    }

    /** The other way, anywhere in a text. */
    String shorten(String text) {
        return text.replace(root, "~");
    }

    void nameSession(long id, String name) {
        sessionNames.putIfAbsent(id, name);
    }

    String zxid(long zxid) {
        return zxid == 0 || zxid == -1 ? Long.toString(zxid) : "z" + (zxid < baseZxid ? "" : "+") + (zxid - baseZxid);
    }

    String connected(ConnectReply reply) {
        return "connected version=" + reply.protocolVersion() + " timeout=" + reply.timeoutMillis() + " session="
                + session(reply.sessionId()) + " password=" + password(reply) + " readOnly="
                + (reply.hasReadOnlyByte() ? reply.readOnly() : "absent");
    }

    String notification(Answer.Notification notification) {
        WatchEvent event = notification.event();
        return "event " + zxid(notification.header().zxid()) + " "
                + (notification.header().err() == 0
                        ? ""
                        : "err=" + notification.header().err() + " ")
                + eventType(event.type()) + " "
                + (event.state() == WatchEvent.STATE_SYNC_CONNECTED ? "" : "state=" + event.state() + " ")
                + shorten(event.path());
    }

    String reply(Answer.Reply reply) {
        StringBuilder text = new StringBuilder(OpCode.name(reply.op()))
                .append(" #")
                .append(reply.header().xid())
                .append(' ')
                .append(zxid(reply.zxid()))
                .append(' ')
                .append(error(reply.header().err()));
        if (reply.body().length > 0) {
            JuteReader in = reply.reader();
            try {
                text.append(reply.isOk() || reply.op() == OpCode.SASL ? body(reply.op(), in) : behindError(in));
            } catch (MalformedDataException e) {
                text.append(" undecodable: ").append(e.getMessage());
            }
            byte[] rest = in.readRest();
            if (rest.length > 0) {
                text.append(" +bytes ").append(HexFormat.of().formatHex(rest));
            }
        } else if (reply.isOk() && hasBody(reply.op())) {
            text.append(" without a body");
        }
        return text.toString();
    }

    /** That there is something, not how long it is: its length may depend on the script's own root. */
    private static String behindError(JuteReader in) {
        in.readRest();
        return " + a body";
    }

    static String error(int code) {
        ErrorCode known = ErrorCode.of(code);
        return known == null ? "error " + code : known.name();
    }

    private static boolean hasBody(int op) {
        switch (op) {
            case OpCode.DELETE, OpCode.DELETE_CONTAINER, OpCode.PING, OpCode.AUTH, OpCode.SET_WATCHES:
            case OpCode.SET_WATCHES2, OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES, OpCode.CLOSE_SESSION, OpCode.CHECK:
                return false;
            default:
                return true;
        }
    }

    /** One line for the body of a successful reply, spec 4. */
    private String body(int op, JuteReader in) {
        switch (op) {
            case OpCode.CREATE, OpCode.SYNC:
                return " path=" + text(in.readString());
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL:
                return " path=" + text(in.readString()) + stat(in);
            case OpCode.EXISTS, OpCode.SET_DATA, OpCode.SET_ACL:
                return stat(in);
            case OpCode.GET_DATA, OpCode.RECONFIG:
                return " data=" + data(in.readBuffer()) + stat(in);
            case OpCode.GET_ACL:
                return " acl=" + list(in, reader -> acl(Acl.read(reader)), false) + stat(in);
            case OpCode.GET_CHILDREN, OpCode.GET_EPHEMERALS:
                return " " + list(in, reader -> text(reader.readString()), true);
            case OpCode.GET_CHILDREN2:
                return " " + list(in, reader -> text(reader.readString()), true) + stat(in);
            case OpCode.GET_ALL_CHILDREN_NUMBER:
                return " count=" + in.readInt();
            case OpCode.ADD_WATCH:
                return " err=" + in.readInt();
            case OpCode.WHO_AM_I:
                return " " + list(in, reader -> info(ClientInfo.read(reader)), true);
            case OpCode.SASL:
                return " token=" + data(in.readBuffer());
            case OpCode.MULTI, OpCode.MULTI_READ:
                return multi(in);
            default:
                return "";
        }
    }

    private String multi(JuteReader in) {
        StringBuilder text = new StringBuilder();
        while (true) {
            MultiHeader header = MultiHeader.read(in);
            if (header.done()) {
                return text.append(header.equals(MultiHeader.END) ? " end" : " end " + header)
                        .toString();
            }
            text.append(" [").append(OpCode.name(header.type())).append(' ').append(error(header.err()));
            switch (header.type()) {
                case OpCode.ERROR -> text.append(" body=").append(error(in.readInt()));
                case OpCode.CREATE, OpCode.CREATE2, OpCode.SET_DATA, OpCode.GET_DATA, OpCode.GET_CHILDREN ->
                    text.append(body(header.type(), in));
                default -> text.append("");
            }
            text.append(']');
        }
    }

    String stat(Stat stat) {
        return " stat(c=" + zxid(stat.czxid()) + " m=" + zxid(stat.mzxid()) + " p=" + zxid(stat.pzxid()) + " ctime="
                + time(stat.ctime()) + " mtime=" + time(stat.mtime()) + " v=" + stat.version() + " cv="
                + stat.cversion() + " av=" + stat.aversion() + " owner=" + session(stat.ephemeralOwner()) + " len="
                + stat.dataLength() + " kids=" + stat.numChildren() + ")";
    }

    private String stat(JuteReader in) {
        return stat(Stat.read(in));
    }

    private String session(long id) {
        return id == 0 ? "0" : sessionNames.getOrDefault(id, "unknown 0x" + Long.toHexString(id));
    }

    private static String password(ConnectReply reply) {
        if (Arrays.equals(reply.password(), new byte[ConnectReply.PASSWORD_BYTES])) {
            return "zero";
        }
        return Arrays.equals(reply.password(), SessionPassword.of(reply.sessionId())) ? "good" : "other";
    }

    private String time(long millis) {
        return Math.abs(millis - startMillis) < NOW_WINDOW_MILLIS ? "now" : Long.toString(millis);
    }

    private static String eventType(int type) {
        switch (type) {
            case WatchEvent.NODE_CREATED:
                return "NodeCreated";
            case WatchEvent.NODE_DELETED:
                return "NodeDeleted";
            case WatchEvent.NODE_DATA_CHANGED:
                return "NodeDataChanged";
            case WatchEvent.NODE_CHILDREN_CHANGED:
                return "NodeChildrenChanged";
            default:
                return "type " + type;
        }
    }

    private static String acl(Acl acl) {
        return acl.perms() + ":" + acl.id().scheme() + ":" + acl.id().id();
    }

    private static String info(ClientInfo info) {
        return info.authScheme() + ":" + info.user();
    }

    private String text(@Nullable String text) {
        return text == null ? "null" : shorten(text);
    }

    private static String data(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith("server.")) {
            // The ports of an ensemble are its own.
            return "'" + text.replace("\n", "\\n").replaceAll(":[0-9]{4,5}", ":port") + "'";
        }
        if (bytes.length > SHOWN_BYTES) {
            return bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
        }
        return "'" + text.replace("\n", "\\n") + "'";
    }

    private static String list(JuteReader in, Function<JuteReader, String> item, boolean sorted) {
        List<String> items = in.readVector(item);
        if (items == null) {
            return "null";
        }
        return (sorted ? items.stream().sorted().toList() : items).toString();
    }
}
