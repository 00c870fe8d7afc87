/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.MalformedEnsembleException;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The first message on a connection of the election port: who dials, and where it can be called back (spec election
 * 1.2).
 *
 * <pre>
 * bare:    long sid (>= 0)
 * V1, V2:  long -65536 or -65535 | long sid | int n (1..2048) | n bytes UTF-8 "host:port" joined by '|'
 * </pre>
 *
 * <p>The bytes of {@link #encode} must leave in one write: a stock server reads the address text with one read call and
 * hangs up when it gets less. Hosts are kept as written; names are looked up when somebody dials.
 *
 * @param format layout on the wire
 * @param sid configured id of the sender, also for observers
 * @param addresses the sender's election addresses; empty in the bare form
 */
public record VoteHandshake(Format format, long sid, List<HostPort> addresses) {
    /** Longest address text, bytes. */
    public static final int MAX_ADDRESS_BYTES = 2048;

    /** The sid of an "anonymous observer", which no server can serve (spec election 1.2). */
    public static final long ANONYMOUS_SID = Long.MAX_VALUE;

    /** The layouts of the initial message. */
    public enum Format {
        /** 3.4: eight bytes, the sid. */
        BARE,
        /** 3.5 and later: exactly one address. Understood by everybody from 3.4.6 on. */
        V1,
        /** 3.6 and later, with multi-address on: all addresses. */
        V2
    }

    private static final long VERSION_1 = -65536L;
    private static final long VERSION_2 = -65535L;

    public VoteHandshake {
        addresses = List.copyOf(addresses);
        if (sid < 0) {
            throw new IllegalArgumentException("sid " + sid + " is negative and cannot be told from a version");
        }
    }

    /** The form that every server understands (spec election 6). */
    public static VoteHandshake v1(long sid, HostPort address) {
        return new VoteHandshake(Format.V1, sid, List.of(address));
    }

    public byte[] encode() {
        if (format == Format.BARE) {
            return ByteBuffer.allocate(Long.BYTES).putLong(sid).array();
        }
        byte[] text = addresses.stream()
                .map(HostPort::toString)
                .collect(Collectors.joining("|"))
                .getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MAX_ADDRESS_BYTES) {
            throw new IllegalArgumentException(
                    "address text of " + text.length + " bytes (allowed 1 to " + MAX_ADDRESS_BYTES + ")");
        }
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + text.length)
                .putLong(format == Format.V1 ? VERSION_1 : VERSION_2)
                .putLong(sid)
                .putInt(text.length)
                .put(text)
                .array();
    }

    /**
     * Reads the message when all of it has arrived.
     *
     * @return null when more bytes are needed; the position is then unchanged
     * @throws MalformedDataException when the connection must be closed
     */
    public static @Nullable VoteHandshake tryDecode(ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.BIG_ENDIAN);
        int start = in.position();
        if (in.remaining() < Long.BYTES) {
            return null;
        }
        long first = in.getLong();
        if (first >= 0) {
            return new VoteHandshake(Format.BARE, first, List.of());
        }
        if (first != VERSION_1 && first != VERSION_2) {
            throw MalformedDataException.badValue(0, "unknown version " + first + " of the initial message");
        }
        if (in.remaining() < Long.BYTES + Integer.BYTES) {
            in.position(start);
            return null;
        }
        long sid = in.getLong();
        if (sid < 0) {
            throw MalformedDataException.badValue(8, "negative sid " + sid);
        }
        int length = in.getInt();
        if (length < 1 || length > MAX_ADDRESS_BYTES) {
            throw MalformedDataException.badLength(16, length, MAX_ADDRESS_BYTES);
        }
        if (in.remaining() < length) {
            in.position(start);
            return null;
        }
        byte[] text = new byte[length];
        in.get(text);
        return new VoteHandshake(
                first == VERSION_1 ? Format.V1 : Format.V2, sid, parse(new String(text, StandardCharsets.UTF_8)));
    }

    private static List<HostPort> parse(String text) {
        List<HostPort> addresses = new ArrayList<>();
        for (String part : text.split("\\|", -1)) {
            addresses.add(parseOne(part));
        }
        return addresses;
    }

    /** {@code host:port} or {@code [v6]:port}: exactly two fields, the port numeric. */
    private static HostPort parseOne(String part) {
        int colon = part.lastIndexOf(':');
        String host = colon < 0 ? "" : part.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        if (host.isEmpty()) {
            throw badAddress(part);
        }
        try {
            return new HostPort(host, Integer.parseInt(part.substring(colon + 1)));
        } catch (NumberFormatException | MalformedEnsembleException notAPort) {
            throw badAddress(part);
        }
    }

    private static MalformedDataException badAddress(String part) {
        return MalformedDataException.badValue(20, "election address '" + part + "' is not host:port");
    }
}
