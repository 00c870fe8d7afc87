/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The password of a session: a function of its id, so that every server of the ensemble can check it and none has to store
 * it (spec client-protocol 2.6).
 *
 * <p>A 48-bit linear congruential generator, four steps of 32 bits, each written least significant byte first. It is no
 * secret; it must equal stock's so that sessions survive a mixed ensemble. Thread: any.
 */
public final class SessionPassword {
    public static final int LENGTH = 16;

    private static final long SEED_MASK = 0xB3415C00L;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long INCREMENT = 0xB;
    private static final long STATE_MASK = (1L << 48) - 1;

    private SessionPassword() {}

    public static byte[] of(long sessionId) {
        byte[] password = new byte[LENGTH];
        long state = ((sessionId ^ SEED_MASK) ^ MULTIPLIER) & STATE_MASK;
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            state = (state * MULTIPLIER + INCREMENT) & STATE_MASK;
            int word = (int) (state >>> 16);
            for (int b = 0; b < Integer.BYTES; b++) {
                password[i + b] = (byte) (word >>> (Byte.SIZE * b));
            }
        }
        return password;
    }

    /** Whether a client that wants this session back knows its password. Takes the same time wherever they differ. */
    public static boolean matches(long sessionId, byte @Nullable [] given) {
        return sessionId != 0 && given != null && MessageDigest.isEqual(of(sessionId), given);
    }
}
