/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One server of the ensemble.
 *
 * <p>Text form: {@code host:quorumPort:electionPort[|host:quorumPort:electionPort...]:role[;clientHost:clientPort]}
 * (spec operations 1.7).
 *
 * @param sid server id, the number of the {@code server.N} key
 * @param addresses at least one; kept sorted by host, as the text form wants them
 * @param clientAddress where clients connect, if the {@code server.N} line says so. An address that is only known from
 *     the static {@code clientPort} key is no part of the membership and never stands here.
 */
public record Member(
        long sid,
        List<ServerAddress> addresses,
        Role role,
        @Nullable HostPort clientAddress) {
    public Member {
        if (addresses.isEmpty()) {
            throw new MalformedEnsembleException("server." + sid + " has no address");
        }
        addresses = addresses.stream()
                .sorted(Comparator.comparing(ServerAddress::host))
                .toList();
        for (ServerAddress address : addresses) {
            if (address.quorumPort() == address.electionPort()) {
                // Stock says "Client" where it means the quorum port; operators search for this very text.
                throw new MalformedEnsembleException("Client and election port must be different! Please update the"
                        + " configuration file on server." + sid);
            }
        }
    }

    /** A member with one address. */
    public Member(long sid, ServerAddress address, Role role, @Nullable HostPort clientAddress) {
        this(sid, List.of(address), role, clientAddress);
    }

    /** Reads the value of a {@code server.N} key. */
    public static Member parse(long sid, String value) {
        return new MemberParser(sid, value).parse();
    }

    public boolean isVoter() {
        return role == Role.PARTICIPANT;
    }

    /** The first address, the only one unless several addresses per server are in use. */
    public ServerAddress address() {
        return addresses.get(0);
    }

    /** The value of the {@code server.N} key in canonical form: the role always, the client part if there is one. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (ServerAddress address : addresses) {
            text.append(text.length() == 0 ? "" : "|").append(address);
        }
        text.append(':').append(role.word());
        if (clientAddress != null) {
            text.append(';').append(clientAddress);
        }
        return text.toString();
    }
}
