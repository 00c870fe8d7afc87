/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.util.Locale;
import java.util.Optional;

/** What a server says it is, in the last word of the {@code Mode:} line of {@code srvr} (spec operations 2.4). */
public enum Role {
    /** Serves alone. */
    STANDALONE,
    /** Serves and orders the writes of all. */
    LEADER,
    /** Serves and votes. */
    FOLLOWER,
    /** Serves and does not vote. */
    OBSERVER,
    /** Has no quorum and serves reads all the same. */
    READ_ONLY;

    private static final String LABEL = "Mode: ";

    /** The role in an answer to {@code srvr}; nothing if the server does not serve. */
    static Optional<Role> in(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith(LABEL))
                .map(line -> valueOf(
                        line.substring(LABEL.length()).strip().replace('-', '_').toUpperCase(Locale.ROOT)))
                .findFirst();
    }
}
