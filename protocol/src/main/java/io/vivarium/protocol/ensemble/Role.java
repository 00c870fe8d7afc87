/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Locale;

/** What a member is configured to be. */
public enum Role {
    /** Votes in elections and acknowledges proposals. */
    PARTICIPANT,
    /** Learns what was committed and serves clients; its voice never counts. */
    OBSERVER;

    /** Reads the word of a {@code server.N} line or of {@code peerType}; any case, blanks around it dropped. */
    public static Role parse(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "participant" -> PARTICIPANT;
            case "observer" -> OBSERVER;
            default -> throw new MalformedEnsembleException("Unrecognised peertype: " + word.strip());
        };
    }

    /** The word of the text form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
