/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The four-letter words (spec operations 3.2), by the int that their letters are. */
enum Word {
    CONF,
    CONS,
    CRST,
    DIRS,
    DUMP,
    ENVI,
    GTMK,
    STMK,
    RUOK,
    SRST,
    SRVR,
    STAT,
    WCHC,
    WCHP,
    WCHS,
    MNTR,
    ISRO,
    HASH,
    /** Telnet's interrupt: known so that it is not taken for the length of a frame; there is nothing to run. */
    TELNET_CLOSE("telnet close", 0xfff4fffd);

    private static final Map<Integer, Word> BY_CODE = new HashMap<>();

    static {
        for (Word word : values()) {
            BY_CODE.put(word.code, word);
        }
    }

    private final String text;
    private final int code;

    Word() {
        this.text = name().toLowerCase(java.util.Locale.ROOT);
        int letters = 0;
        for (byte letter : text.getBytes(StandardCharsets.US_ASCII)) {
            letters = letters << 8 | letter;
        }
        this.code = letters;
    }

    Word(String text, int code) {
        this.text = text;
        this.code = code;
    }

    static @Nullable Word of(int code) {
        return BY_CODE.get(code);
    }

    String text() {
        return text;
    }

    int code() {
        return code;
    }

    /** Bytes behind the word that belong to it: a trace mask. */
    int argumentBytes() {
        return this == STMK ? Long.BYTES : 0;
    }
}
