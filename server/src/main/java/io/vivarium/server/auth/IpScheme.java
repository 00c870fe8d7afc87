/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Id;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scheme {@code ip}: an address, or a network in CIDR form, against the peer's address (spec client-protocol 7.4).
 *
 * <p>An address with a zone ({@code fe80::1%eth0}) is no address here and so never matches. Thread: any.
 */
public final class IpScheme implements AuthScheme {
    public static final String NAME = "ip";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean identifiesCreators() {
        return false;
    }

    @Override
    public boolean isValid(String aclId) {
        int end = endOfAddress(aclId);
        if (IpNotation.parseV4(aclId, 0, end) >= 0) {
            return bitsOf(aclId, end, IpNotation.V4_BITS) >= 0;
        }
        return IpNotation.isV6(aclId, 0, end) && bitsOf(aclId, end, IpNotation.V6_BITS) >= 0;
    }

    @Override
    public boolean matches(String id, String aclId) {
        int end = endOfAddress(aclId);
        long network = IpNotation.parseV4(aclId, 0, end);
        if (network >= 0) {
            long peer = IpNotation.parseV4(id, 0, id.length());
            int bits = bitsOf(aclId, end, IpNotation.V4_BITS);
            return peer >= 0 && bits >= 0 && sharesBits(network << Integer.SIZE, peer << Integer.SIZE, bits);
        }
        if (!IpNotation.isV6(aclId, 0, end) || !IpNotation.isV6(id, 0, id.length())) {
            return false;
        }
        int bits = bitsOf(aclId, end, IpNotation.V6_BITS);
        return bits >= 0
                && sharesBits(
                        IpNotation.highHalf(aclId, 0, end),
                        IpNotation.highHalf(id, 0, id.length()),
                        Math.min(bits, Long.SIZE))
                && sharesBits(
                        IpNotation.lowHalf(aclId, 0, end),
                        IpNotation.lowHalf(id, 0, id.length()),
                        Math.max(bits - Long.SIZE, 0));
    }

    /** Whatever the packet carries, the answer is the peer's address, which the connection holds already. */
    @Override
    public AuthOutcome authenticate(ConnectionIdentity connection, byte @Nullable [] data) {
        return new AuthOutcome.Accepted(List.of(new Id(NAME, connection.address())));
    }

    private static int endOfAddress(String aclId) {
        int slash = aclId.indexOf('/');
        return slash < 0 ? aclId.length() : slash;
    }

    /** The prefix length behind the address, all bits without one, -1 when it is malformed. */
    private static int bitsOf(String aclId, int endOfAddress, int familyBits) {
        return endOfAddress == aclId.length()
                ? familyBits
                : IpNotation.parseBits(aclId, endOfAddress + 1, aclId.length(), familyBits);
    }

    /** Whether the {@code bits} leftmost bits are equal. A shift by 64 would be a shift by 0, hence the first test. */
    private static boolean sharesBits(long a, long b, int bits) {
        return bits == 0 || (a ^ b) >>> (Long.SIZE - bits) == 0;
    }
}
