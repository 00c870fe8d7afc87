/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

/** The password that every server computes from a session id (spec 2.6), written down a second time for the tests. */
final class SessionPassword {
    private static final long SALT = 0xB3415C00L;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long MASK = (1L << 48) - 1;

    private SessionPassword() {}

    static byte[] of(long sessionId) {
        long state = (sessionId ^ SALT ^ MULTIPLIER) & MASK;
        byte[] password = new byte[16];
        for (int i = 0; i < password.length; i += 4) {
            state = (state * MULTIPLIER + 0xB) & MASK;
            int word = (int) (state >>> 16);
            for (int b = 0; b < 4; b++) {
                password[i + b] = (byte) (word >>> (8 * b));
            }
        }
        return password;
    }
}
