/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

/** What a server is to its ensemble, with the word that reports use (spec operations 3.3). */
public enum ServerMode {
    STANDALONE("standalone"),
    LEADER("leader"),
    FOLLOWER("follower"),
    OBSERVER("observer"),
    READ_ONLY("read-only");

    private final String word;

    ServerMode(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
