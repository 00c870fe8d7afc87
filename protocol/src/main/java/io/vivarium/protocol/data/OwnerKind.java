/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

/**
 * What the stored owner field of a znode means (spec client-protocol 5.6).
 *
 * <p>0: persistent. Minimum long: container. High byte 0xff, with extended types on: TTL in the low 40 bits, ms. With
 * the 3.5.3 emulation on, any other negative owner: TTL in the low 60 bits. Anything else: the session of an ephemeral.
 */
public enum OwnerKind {
    PERSISTENT,
    EPHEMERAL,
    CONTAINER,
    TTL;

    public static final long CONTAINER_OWNER = Long.MIN_VALUE;
    /** Greatest TTL in milliseconds, 2^40 - 1. */
    public static final long MAX_TTL_MILLIS = 0xff_ffff_ffffL;

    private static final long EXTENDED_BYTE = 0xffL << 56;
    private static final long EXTENDED_FEATURE = 0xffffL << 40;

    /** The switches {@code extendedTypesEnabled} and {@code emulate353TTLNodes}. */
    public record Rules(boolean extendedTypes, boolean emulate353) {
        public static final Rules DEFAULT = new Rules(false, false);
    }

    public static OwnerKind of(long owner, Rules rules) {
        if (owner == 0) {
            return PERSISTENT;
        }
        if (owner == CONTAINER_OWNER) {
            return CONTAINER;
        }
        if (rules.emulate353 && owner < 0 && (owner & EXTENDED_BYTE) != EXTENDED_BYTE) {
            return TTL;
        }
        if (rules.extendedTypes && (owner & EXTENDED_BYTE) == EXTENDED_BYTE && (owner & EXTENDED_FEATURE) == 0) {
            return TTL;
        }
        return EPHEMERAL;
    }

    public static boolean isValidTtl(long ttlMillis) {
        return ttlMillis >= 1 && ttlMillis <= MAX_TTL_MILLIS;
    }

    /** The stored owner of a TTL node. */
    public static long ownerOfTtl(long ttlMillis) {
        if (!isValidTtl(ttlMillis)) {
            throw new IllegalArgumentException("ttl " + ttlMillis + " ms is not within 1.." + MAX_TTL_MILLIS);
        }
        return EXTENDED_BYTE | ttlMillis;
    }

    /** The TTL in milliseconds that a stored TTL owner stands for. */
    public static long ttlMillis(long owner) {
        return (owner & EXTENDED_BYTE) == EXTENDED_BYTE ? owner & MAX_TTL_MILLIS : owner & 0x0fff_ffff_ffff_ffffL;
    }
}
