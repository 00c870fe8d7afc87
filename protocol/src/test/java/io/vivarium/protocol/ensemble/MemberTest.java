/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of a {@code server.N} key: spec operations 1.7. */
class MemberTest {
    private static final String FORM = " does not have the form server_config or server_config;client_config where"
            + " server_config is the pipe separated list of host:port:port or host:port:port:type and client_config is"
            + " port or host:port";

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "zoo1:2888:3888 zoo1:2888:3888:participant",
                "zoo1:2888:3888:OBSERVER zoo1:2888:3888:observer",
                "zoo1:2888:3888;2181 zoo1:2888:3888:participant;0.0.0.0:2181",
                "zoo1:2888:3888:observer;10.0.0.1:2181 zoo1:2888:3888:observer;10.0.0.1:2181",
                "[::1]:2888:3888;[::2]:2181 [::1]:2888:3888:participant;[::2]:2181",
                "b:1:2|a:3:4 a:3:4|b:1:2:participant",
                "b:1:2:observer|a:3:4:observer a:3:4|b:1:2:observer",
                "zoo1:2888:3888; zoo1:2888:3888:participant",
            })
    void isPrintedInCanonicalForm(String value, String canonical) {
        assertThat(Member.parse(1, value).toText()).isEqualTo(canonical);
    }

    @Test
    void blanksAreDroppedWhereverTheyStand() {
        assertThat(Member.parse(1, " h : 2888 : 3888 : participant ; 2181 \r").toText())
                .isEqualTo("h:2888:3888:participant;0.0.0.0:2181");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "h:1", "h:1:2:participant:x", "h:1:2;1;2", "h:1:2;a:1:2", "h:1:2|", ""})
    void aWrongNumberOfPartsIsRefusedWithTheForm(String value) {
        assertRefused(value, value + FORM);
    }

    @Test
    void aPortThatIsNoNumberIsRefused() {
        assertRefused("h:abc:3888", "Address unresolved: h:abc");
        assertRefused("h:2888:x1", "Address unresolved: h:x1");
        assertRefused("h:2888:3888;p", "Address unresolved: 0.0.0.0:p");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        assertRefused("h:70000:3888", "port 70000 of host h is out of range 0 to 65535");
    }

    @Test
    void equalPortsAreRefused() {
        assertRefused(
                "h:2888:2888",
                "Client and election port must be different! Please update the configuration file on server.1");
    }

    @Test
    void anUnknownRoleIsRefused() {
        assertRefused("h:1:2:foo", "Unrecognised peertype: foo");
    }

    @Test
    void twoRolesInOneListAreRefused() {
        assertRefused(
                "a:1:2:observer|b:1:2:participant",
                "Multiple roles (observer, participant) in the addresses of server.1: a:1:2:observer|b:1:2:participant");
    }

    @Test
    void anOpenBracketIsRefused() {
        assertRefused("[::1:2888:3888", "[::1:2888:3888 starts with '[' but has no matching ']:'");
    }

    @Test
    void aBracketedHostWithoutPortIsRefused() {
        assertRefused("[::1]:", "[::1]: doesn't have a port after colon");
    }

    @Test
    void anEmptyHostIsRefused() {
        assertRefused(":1:2", "empty host name before port 1");
    }

    private static void assertRefused(String value, String message) {
        assertThatThrownBy(() -> Member.parse(1, value))
                .isInstanceOf(MalformedEnsembleException.class)
                .hasMessage(message);
    }
}
