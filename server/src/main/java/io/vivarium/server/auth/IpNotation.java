/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

/**
 * Textual IPv4 and IPv6 addresses as ACLs write them (spec client-protocol 7.4): dotted quads of four decimals, or up to
 * eight groups of one to four hex digits with at most one {@code ::}; no embedded IPv4, no zone.
 *
 * <p>Works on ranges of a string and answers primitives, so that a match allocates nothing. Never asks a resolver, which
 * {@code java.net} might. Thread: any.
 */
final class IpNotation {
    static final int V4_BITS = 32;
    static final int V6_BITS = 128;

    private static final int V6_GROUPS = 8;
    private static final int GROUPS_PER_HALF = 4;
    private static final int BITS_PER_GROUP = 16;
    private static final long INVALID = -1;

    private IpNotation() {}

    /** The address as an unsigned 32-bit number, or -1 when the text is no dotted quad. */
    static long parseV4(String text, int from, int to) {
        long address = 0;
        int at = from;
        for (int quad = 0; quad < 4; quad++) {
            if (quad > 0) {
                if (at >= to || text.charAt(at) != '.') {
                    return INVALID;
                }
                at++;
            }
            int start = at;
            int value = 0;
            while (at < to && isDecimal(text.charAt(at))) {
                value = value * 10 + (text.charAt(at) - '0');
                if (value > 255) {
                    return INVALID;
                }
                at++;
            }
            if (at == start) {
                return INVALID;
            }
            address = address << 8 | value;
        }
        return at == to ? address : INVALID;
    }

    static boolean isV6(String text, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int at = from;
        if (startsGap(text, at, to)) {
            gap = true;
            at += 2;
        }
        while (at < to) {
            int end = endOfGroup(text, at, to);
            if (end == at || end - at > GROUPS_PER_HALF) {
                return false;
            }
            groups++;
            at = end;
            if (at == to) {
                break;
            }
            if (startsGap(text, at, to)) {
                if (gap) {
                    return false;
                }
                gap = true;
                at += 2;
            } else if (text.charAt(at) == ':' && at + 1 < to) {
                at++;
            } else {
                return false;
            }
        }
        return gap ? groups < V6_GROUPS : groups == V6_GROUPS;
    }

    /** Bits 0 to 63 (the first four groups) of an address that {@link #isV6} accepts. */
    static long highHalf(String text, int from, int to) {
        return half(text, from, to, 0);
    }

    /** Bits 64 to 127 of an address that {@link #isV6} accepts. */
    static long lowHalf(String text, int from, int to) {
        return half(text, from, to, GROUPS_PER_HALF);
    }

    /** A decimal prefix length within 0..max, or -1. */
    static int parseBits(String text, int from, int to, int max) {
        int bits = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isDecimal(c)) {
                return -1;
            }
            bits = bits * 10 + (c - '0');
            if (bits > max) {
                return -1;
            }
        }
        return from == to ? -1 : bits;
    }

    private static long half(String text, int from, int to, int firstGroup) {
        long half = 0;
        int index = 0;
        int at = from;
        while (at < to) {
            if (startsGap(text, at, to)) {
                at += 2;
                // The gap stands for as many zero groups as are missing.
                index = V6_GROUPS - groupsIn(text, at, to);
                continue;
            }
            if (text.charAt(at) == ':') {
                at++;
            }
            int end = endOfGroup(text, at, to);
            int place = index - firstGroup;
            if (place >= 0 && place < GROUPS_PER_HALF) {
                half |= groupValue(text, at, end) << (BITS_PER_GROUP * (GROUPS_PER_HALF - 1 - place));
            }
            index++;
            at = end;
        }
        return half;
    }

    private static int groupsIn(String text, int from, int to) {
        int groups = from < to ? 1 : 0;
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == ':') {
                groups++;
            }
        }
        return groups;
    }

    private static long groupValue(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | Character.digit(text.charAt(i), 16);
        }
        return value;
    }

    private static boolean startsGap(String text, int at, int to) {
        return at + 1 < to && text.charAt(at) == ':' && text.charAt(at + 1) == ':';
    }

    private static int endOfGroup(String text, int from, int to) {
        int at = from;
        while (at < to && isHex(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDecimal(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(char c) {
        return isDecimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
