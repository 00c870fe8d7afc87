/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Id;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 7.4, rows and paragraph about {@code ip}; the tables were run against a stock 3.9.5 server. */
class IpSchemeTest {
    private final IpScheme ip = new IpScheme();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4",
                "0.0.0.0",
                "255.255.255.255",
                "01.2.3.4",
                "0001.2.3.4",
                "1.2.3.4/0",
                "1.2.3.4/32",
                "1.2.3.4/08",
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "::1/128",
                "::1/0",
                "ABCD:ef01::/16",
                "0:0:0:0:0:0:0:1"
            })
    void acceptsAddressesAndNetworks(String id) {
        assertThat(ip.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "1.2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "1.2.3.4/",
                "1.2.3.4/33",
                "1.2.3.4/8/8",
                "1.2.3.4/-1",
                "1.2.3.4/ 8",
                " 1.2.3.4",
                "1.2.3.x",
                ":",
                ":::",
                ":1",
                "1:",
                "1:2",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7::8",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "1::2::3",
                "12345::",
                "::g",
                "::1/129",
                "::1/",
                "::ffff:1.2.3.4",
                "fe80::1%eth0",
                "localhost",
                "99999999999.1.1.1"
            })
    void refusesEverythingElse(String id) {
        assertThat(ip.isValid(id)).isFalse();
        assertThat(ip.matches("1.2.3.4", id)).isFalse();
        assertThat(ip.matches("0:0:0:0:0:0:0:1", id)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,        10.1.2.3,       true",
        "10.1.2.3,        10.1.2.4,       false",
        "10.1.2.3,        10.1.2.255/24,  true",
        "10.1.3.3,        10.1.2.255/24,  false",
        "10.1.2.3,        10.1.2.2/31,    true",
        "10.1.2.3,        10.1.2.4/31,    false",
        "192.168.0.1,     64.0.0.0/1,     false",
        "192.168.0.1,     128.0.0.0/1,    true",
        "1.2.3.4,         9.9.9.9/0,      true",
        "0:0:0:0:0:0:0:1, ::1,            true",
        "0:0:0:0:0:0:0:1, ::2,            false",
        "0:0:0:0:0:0:0:1, ::2/0,          true",
        "0:0:0:0:0:0:0:1, ::3/126,        true",
        "0:0:0:0:0:0:0:1, ::3/127,        false",
        "fe80:0:0:0:1:2:3:4, FE80::/10,   true",
        "fec0:0:0:0:1:2:3:4, fe80::/10,   false",
        "1:2:3:4:5:6:7:8, 1:2:3:4::/64,   true",
        "1:2:3:5:5:6:7:8, 1:2:3:4::/64,   false",
        "1:2:3:4:8000:6:7:8, 1:2:3:4::/65, false",
        "1:2:3:4:5:6:7:8, 1:2::7:8,       false",
        "1:2:0:0:0:0:7:8, 1:2::7:8,       true",
        "1.2.3.4,         ::/0,           false",
        "0:0:0:0:0:0:0:1, 0.0.0.0/0,      false",
        "fe80:0:0:0:0:0:0:1%lo, fe80::1,  false",
        "fe80:0:0:0:0:0:0:1%lo, ::/0,     false",
    })
    void matchesTheSameFamilyUnderTheMask(String peer, String aclId, boolean expected) {
        assertThat(ip.matches(peer, aclId)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAPlainComparisonOfBits(long seed) throws UnknownHostException {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] network = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(network);
            byte[] peer = network.clone();
            int flipped = random.nextInt(network.length * 8);
            peer[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
            int bits = random.nextInt(network.length * 8 + 1);
            String aclId = InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
            String id = InetAddress.getByAddress(peer).getHostAddress();
            assertThat(ip.matches(id, aclId)).as("%s in %s", id, aclId).isEqualTo(flipped >= bits);
        }
    }

    @Test
    void anAuthPacketAddsThePeersAddressAgain() {
        assertThat(ip.authenticate(ConnectionIdentity.ofAddress("10.0.0.1"), null))
                .isEqualTo(new AuthOutcome.Accepted(List.of(new Id("ip", "10.0.0.1"))));
    }

    @Test
    void anAddressIdentifiesNoCreator() {
        assertThat(ip.identifiesCreators()).isFalse();
    }
}
