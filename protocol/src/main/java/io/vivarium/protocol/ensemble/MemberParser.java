/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parser of the value of one {@code server.N} key, for one use. Grammar and messages: spec operations 1.7.
 *
 * <p>Blanks around the whole value and around each part are dropped; stock refuses some of them (spec operations 8.2).
 */
final class MemberParser {
    private static final String FORM = " does not have the form server_config or server_config;client_config where"
            + " server_config is the pipe separated list of host:port:port or host:port:port:type and client_config is"
            + " port or host:port";

    private final long sid;
    private final String value;

    MemberParser(long sid, String value) {
        this.sid = sid;
        this.value = value.strip();
    }

    Member parse() {
        String[] halves = value.split(";", -1);
        if (halves.length > 2) {
            throw badForm();
        }
        List<ServerAddress> addresses = new ArrayList<>();
        Role role = null;
        for (String server : halves[0].split("\\|", -1)) {
            List<String> parts = split(server.strip());
            if (parts.size() < 3 || parts.size() > 4) {
                throw badForm();
            }
            addresses.add(new ServerAddress(parts.get(0), port(parts, 1), port(parts, 2)));
            if (parts.size() == 4) {
                role = merge(role, Role.parse(parts.get(3)));
            }
        }
        HostPort client = halves.length == 2 ? client(halves[1].strip()) : null;
        return new Member(sid, addresses, role == null ? Role.PARTICIPANT : role, client);
    }

    private Role merge(@Nullable Role known, Role next) {
        if (known != null && known != next) {
            throw new MalformedEnsembleException("Multiple roles (" + known.word() + ", " + next.word()
                    + ") in the addresses of server." + sid + ": " + value);
        }
        return next;
    }

    private @Nullable HostPort client(String text) {
        if (text.isEmpty()) {
            return null;
        }
        List<String> parts = split(text);
        return switch (parts.size()) {
            case 1 -> new HostPort(HostPort.ANY, port(List.of(HostPort.ANY, parts.get(0)), 1));
            case 2 -> new HostPort(parts.get(0), port(parts, 1));
            default -> throw badForm();
        };
    }

    /** The parts between colons, trimmed; a leading IPv6 host in brackets is one part and loses its brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        String rest = text;
        if (text.startsWith("[")) {
            int end = text.indexOf("]:");
            if (end < 0) {
                throw new MalformedEnsembleException(text + " starts with '[' but has no matching ']:'");
            }
            if (end + 2 == text.length()) {
                throw new MalformedEnsembleException(text + " doesn't have a port after colon");
            }
            parts.add(text.substring(1, end).strip());
            rest = text.substring(end + 2);
        }
        for (String part : rest.split(":", -1)) {
            parts.add(part.strip());
        }
        return parts;
    }

    private static int port(List<String> parts, int index) {
        try {
            return Integer.parseInt(parts.get(index));
        } catch (NumberFormatException notNumber) {
            throw new MalformedEnsembleException("Address unresolved: " + parts.get(0) + ":" + parts.get(index));
        }
    }

    private MalformedEnsembleException badForm() {
        return new MalformedEnsembleException(value + FORM);
    }
}
