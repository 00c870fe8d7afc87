/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network between the members of an ensemble: for each member a port of its own at which it sees each other member, so
 * that the link of any two can be cut, in one direction or in both.
 *
 * <p>An election connection names in its initial message the address at which the caller wants to be called back (spec
 * election 1); that address is changed into the one at which the callee sees the caller, else one call would lead around
 * the relays. Thread: that of the test.
 */
final class RelayMesh implements AutoCloseable {
    private static final int MAX_ADDRESS_BYTES = 1024;
    private static final long VERSION_WITH_ADDRESS = -65536;
    private static final long VERSION_WITH_ADDRESSES = -65535;

    private record Way(long from, long to) {}

    private final Map<Way, Gate> gates = new HashMap<>();
    private final Map<Way, PeerPorts> views = new HashMap<>();
    private final Map<Way, List<TcpRelay>> relays = new HashMap<>();

    /** Relays between all of these, by the id of the member and its own ports. */
    RelayMesh(Map<Long, PeerPorts> members) throws IOException {
        for (long from : members.keySet()) {
            for (long to : members.keySet()) {
                if (from != to) {
                    Way way = new Way(from, to);
                    gates.put(way, new Gate());
                    views.put(way, PeerPorts.reserve());
                }
            }
        }
        for (Map.Entry<Way, PeerPorts> view : views.entrySet()) {
            Way way = view.getKey();
            Gate forth = gate(way);
            Gate back = gate(new Way(way.to, way.from));
            PeerPorts own = members.get(way.to);
            int callBack = views.get(new Way(way.to, way.from)).election();
            PeerPorts seen = view.getValue();
            relays.put(
                    way,
                    List.of(
                            new TcpRelay(seen.quorum(), own.quorum(), forth, back, TcpRelay.Greeting.AS_IT_IS),
                            new TcpRelay(
                                    seen.election(),
                                    own.election(),
                                    forth,
                                    back,
                                    (in, out) -> forwardInitialMessage(in, out, callBack))));
        }
    }

    /** The ports at which one member sees another. */
    PeerPorts view(long from, long to) {
        PeerPorts seen = views.get(new Way(from, to));
        if (seen == null) {
            throw new IllegalArgumentException("no link from member " + from + " to member " + to);
        }
        return seen;
    }

    /** Holds back all that one member sends to another. */
    void cut(long from, long to) {
        gate(new Way(from, to)).shut();
    }

    void heal(long from, long to) {
        gate(new Way(from, to)).open();
    }

    /** Ends all connections between two members; what was held back is lost. */
    void sever(long one, long other) {
        for (Way way : List.of(new Way(one, other), new Way(other, one))) {
            relays.getOrDefault(way, List.of()).forEach(TcpRelay::sever);
        }
    }

    @Override
    public void close() throws IOException {
        for (List<TcpRelay> pair : relays.values()) {
            for (TcpRelay relay : new ArrayList<>(pair)) {
                relay.close();
            }
        }
        gates.values().forEach(Gate::open);
    }

    private Gate gate(Way way) {
        Gate gate = gates.get(way);
        if (gate == null) {
            throw new IllegalArgumentException("no link from member " + way.from + " to member " + way.to);
        }
        return gate;
    }

    /** Releases up to 3.4 send their id alone, later ones a negative version, their id and their address. */
    private static void forwardInitialMessage(DataInputStream in, DataOutputStream out, int callBackPort)
            throws IOException {
        long first = in.readLong();
        out.writeLong(first);
        if (first != VERSION_WITH_ADDRESS && first != VERSION_WITH_ADDRESSES) {
            out.flush();
            return;
        }
        out.writeLong(in.readLong());
        int length = in.readInt();
        if (length < 0 || length > MAX_ADDRESS_BYTES) {
            throw new IOException("election address of " + length + " bytes, limit " + MAX_ADDRESS_BYTES);
        }
        in.readFully(new byte[length]);
        byte[] address = ("127.0.0.1:" + callBackPort).getBytes(StandardCharsets.US_ASCII);
        out.writeInt(address.length);
        out.write(address);
        out.flush();
    }
}
