/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * What a quota says of a change.
 *
 * @param kind whether a limit is passed, and which
 * @param prefix the path that the quota is set on; empty if there is none
 * @param limit the limit that is passed
 * @param value what the change would bring it to
 */
public record QuotaVerdict(Kind kind, String prefix, long limit, long value) {
    /** Outcomes. */
    public enum Kind {
        /** Nothing is passed, or nothing is set. */
        WITHIN,
        /** Too many znodes. */
        COUNT_EXCEEDED,
        /** Too many bytes of data. */
        BYTES_EXCEEDED
    }

    static final QuotaVerdict WITHIN = new QuotaVerdict(Kind.WITHIN, "", -1, -1);

    public boolean isExceeded() {
        return kind != Kind.WITHIN;
    }
}
