/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/** What must hold whatever peers send; a breach is an error of this server and stops it (spec quorum 15). */
final class Invariant {
    private Invariant() {}

    /** The error to throw; callers test first, so that the text is made only when it is needed. */
    static IllegalStateException broken(String invariant, String what) {
        return new IllegalStateException("invariant " + invariant + " is broken: " + what);
    }
}
