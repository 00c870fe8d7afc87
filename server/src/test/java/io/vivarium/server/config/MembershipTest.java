/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standalone or ensemble, server lines, myid, dynamic file: spec operations 1.7 to 1.9. */
class MembershipTest {
    private static final String[] LIMITS = {"initLimit=10", "syncLimit=5"};

    @Test
    void threeServersAreAnEnsemble() {
        ServerConfig config = LoadedConfig.ofThree("2\n", "clientPort=2181").load();

        assertThat(config.sid()).isEqualTo(2);
        assertThat(config.quorum().ensemble().voters()).containsExactly(1L, 2L, 3L);
        assertThat(config.quorum().self().address()).hasToString("b:2888:3888");
        assertThat(config.quorum().connectLimitTicks()).isEqualTo(10);
        assertThat(config.quorum().vote().handshakeTimeoutMillis()).isEqualTo(15000);
        assertThat(config.quorum().ensemble().toText()).doesNotContain("2181").endsWith("version=0");
    }

    @Test
    void blanksAroundAServerLineDoNoHarm() {
        assertThat(LoadedConfig.ofThree("1", "server.3=c:2888:3888 \r")
                        .load()
                        .quorum()
                        .ensemble()
                        .toText())
                .contains("server.3=c:2888:3888:participant");
    }

    @Test
    void noServerLineMeansStandalone() {
        assertThat(LoadedConfig.of("clientPort=2181").load().isStandalone()).isTrue();
    }

    @Test
    void oneServerLineMeansStandaloneAndNeedsNoMyidAndNoLimits() {
        LoadedConfig config = LoadedConfig.of("clientPort=2181", "server.1=zoo-01:2888:3888");

        assertThat(config.load().isStandalone()).isTrue();
        assertThat(config.said())
                .contains(
                        "ERROR Invalid configuration, only one server specified (ignoring)",
                        "WARN Either no config or no quorum defined in config, running in standalone mode");
    }

    @Test
    void oneServerLineGivesTheClientPortWithAndWithoutMyid() {
        LoadedConfig without = LoadedConfig.of("server.1=localhost:2888:3888;2181");
        LoadedConfig with = LoadedConfig.of("server.1=localhost:2888:3888;2181").with("/data/myid", "1");

        assertThat(without.load().clientPort().address()).hasToString("0.0.0.0:2181");
        assertThat(with.load().clientPort().address()).hasToString("0.0.0.0:2181");
    }

    @Test
    void oneServerLineIsAnEnsembleOfOneIfStandaloneIsOff() {
        LoadedConfig config = LoadedConfig.of("standaloneEnabled=false", "initLimit=1", "syncLimit=1", "server.1=a:1:2")
                .with("/data/myid", "1");

        assertThat(config.said()).contains("WARN No server failure will be tolerated. You need at least 3 servers.");
        assertThat(config.load().quorum().ensemble().voters()).containsExactly(1L);
    }

    @Test
    void twoServersAreWarnedOf() {
        assertThat(LoadedConfig.of("initLimit=1", "syncLimit=1", "server.1=a:1:2", "server.2=b:1:2")
                        .with("/data/myid", "1")
                        .said())
                .contains("WARN No server failure will be tolerated. You need at least 3 servers.");
    }

    @Test
    void anEvenNumberOfServersIsWarnedOf() {
        assertThat(LoadedConfig.ofThree("1", "server.4=d:1:2").said())
                .contains("WARN Non-optimal configuration, consider an odd number of servers.");
        assertThat(LoadedConfig.ofThree("1", "server.4=d:1:2:observer").said())
                .noneMatch(line -> line.contains("Non-optimal"));
    }

    @Test
    void observersWithOneParticipantAreRefused() {
        assertThat(LoadedConfig.of("server.1=a:1:2", "server.2=b:1:2:observer").refusal())
                .isEqualTo("Observers w/o quorum is an invalid configuration");
    }

    @Test
    void onlyObserversAreRefused() {
        assertThat(LoadedConfig.of("server.1=a:1:2:observer", "server.2=b:1:2:observer")
                        .refusal())
                .isEqualTo("Observers w/o participants is an invalid configuration");
    }

    @Test
    void noParticipantWithoutStandaloneIsRefused() {
        assertThat(LoadedConfig.of("standaloneEnabled=false").refusal())
                .isEqualTo("standaloneEnabled = false then number of participants should be >0");
    }

    @Test
    void anEnsembleWithoutInitLimitIsRefused() {
        assertThat(LoadedConfig.ofThree("1", "initLimit=0").refusal()).isEqualTo("initLimit is not set");
    }

    @Test
    void anEnsembleWithoutSyncLimitIsRefused() {
        assertThat(LoadedConfig.ofThree("1", "syncLimit=0").refusal()).isEqualTo("syncLimit is not set");
    }

    @Test
    void anEnsembleWithoutMyidIsRefused() {
        assertThat(LoadedConfig.of(LIMITS[0], LIMITS[1], "server.1=a:1:2", "server.2=b:1:2")
                        .refusal())
                .isEqualTo("/data/myid file is missing");
    }

    @ParameterizedTest
    @CsvSource({"abc, abc", "1 2, 1 2", "'', ''", "'\n1', ''"})
    void aMyidThatIsNoNumberIsRefusedWithItsText(String content, String quoted) {
        assertThat(LoadedConfig.ofThree(content).refusal()).isEqualTo("serverid " + quoted + " is not a number");
        assertThat(LoadedConfig.of().with("/data/myid", content).refusal())
                .isEqualTo("serverid " + quoted + " is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", " 3 ", "3\r\n", "\ufeff3\n", "3\nrest"})
    void blanksCarriageReturnAndByteOrderMarkInMyidDoNoHarm(String content) {
        assertThat(LoadedConfig.ofThree(content).load().sid()).isEqualTo(3);
    }

    @Test
    void anIdThatIsNotInTheListEndsWithCodeOne() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> LoadedConfig.ofThree("9").load());

        assertThat(refused).hasMessage("My id 9 not in the peer list");
        assertThat(refused.exitCode()).isEqualTo(1);
    }

    @Test
    void anIdThatLeavesNoRoomForTtlIsRefused() {
        assertThat(LoadedConfig.ofThree("255", "server.255=z:1:2", "extendedTypesEnabled=true")
                        .refusal())
                .isEqualTo("extendedTypesEnabled needs server ids up to 254, but myid is 255");
    }

    @Test
    void aServerNumberThatIsNoneIsRefused() {
        assertThat(LoadedConfig.of("server.x=a:1:2").refusal()).isEqualTo("For input string: \"x\"");
    }

    @Test
    void aServerLineOfTheOldFormIsRefusedWithTheForm() {
        assertThat(LoadedConfig.of("server.1=a:2888").refusal())
                .startsWith("a:2888 does not have the form server_config or server_config;client_config");
    }

    @Test
    void severalAddressesNeedTheirSwitchFromWhereverItComes() {
        String line = "server.1=a:1:2|b:1:2";

        assertThat(LoadedConfig.ofThree("1", line).refusal())
                .isEqualTo("Multiple address feature is disabled, but multiple addresses were specified for sid 1");
        assertThat(LoadedConfig.ofThree("1", line, "multiAddress.enabled=true")
                        .load()
                        .quorum()
                        .self()
                        .addresses())
                .hasSize(2);
        assertThat(LoadedConfig.ofThree("1", line)
                        .withProperty("zookeeper.multiAddress.enabled", "true")
                        .load()
                        .quorum()
                        .self()
                        .addresses())
                .hasSize(2);
    }

    @Test
    void theOwnClientPartIsTheClientAddress() {
        assertThat(LoadedConfig.ofThree("1", "server.1=a:1:2;10.0.0.1:2182")
                        .load()
                        .clientPort()
                        .address())
                .hasToString("10.0.0.1:2182");
    }

    @Test
    void aClientPortThatContradictsTheOwnLineIsRefused() {
        assertThat(LoadedConfig.ofThree("1", "clientPort=2181", "server.1=a:1:2;2182")
                        .refusal())
                .isEqualTo("client address for this server (id = 1) in static config file is 0.0.0.0/0.0.0.0:2181 is"
                        + " different from client address found in dynamic file: /0.0.0.0:2182");
        assertThat(LoadedConfig.ofThree("1", "clientPort=2181", "clientPortAddress=10.0.0.9", "server.1=a:1:2;2181")
                        .refusal())
                .isEqualTo("client address for this server (id = 1) in static config file is /10.0.0.9:2181 is"
                        + " different from client address found in dynamic file: /0.0.0.0:2181");
    }

    @Test
    void aClientPortThatAgreesWithTheOwnLineIsFine() {
        assertThat(LoadedConfig.ofThree("1", "clientPort=2181", "server.1=a:1:2;10.0.0.1:2181")
                        .load()
                        .clientPort()
                        .address())
                .hasToString("10.0.0.1:2181");
    }

    @Test
    void aPeerTypeThatContradictsTheListIsWarnedOf() {
        assertThat(LoadedConfig.ofThree("1", "peerType=observer").said())
                .contains("WARN Peer type from servers list (PARTICIPANT) doesn't match peerType (OBSERVER)."
                        + " Defaulting to servers list.");
    }

    @Test
    void aServerInTwoGroupsIsRefused() {
        assertThat(LoadedConfig.ofThree("1", "group.1=1:2:3", "group.2=3").refusal())
                .isEqualTo("Server 3is in multiple groups");
    }

    @Test
    void aServerInNoGroupIsRefused() {
        assertThat(LoadedConfig.ofThree("1", "group.1=1:2").refusal()).isEqualTo("Server 3is not in a group");
    }

    @Test
    void aDynamicFileGivesTheMembershipAndItsNameTheVersion() {
        ServerConfig config = LoadedConfig.of(LIMITS[0], LIMITS[1], "dynamicConfigFile=/conf/zoo.cfg.dynamic.100000000")
                .with("/conf/zoo.cfg.dynamic.100000000", "server.1=a:1:2;2181\nserver.2=b:1:2;2181\n")
                .with("/data/myid", "1")
                .load();

        assertThat(config.quorum().ensemble().version()).isEqualTo(0x100000000L);
        assertThat(config.clientPort().address()).hasToString("0.0.0.0:2181");
        assertThat(config.quorum().dynamicFile()).hasToString("/conf/zoo.cfg.dynamic.100000000");
    }

    @Test
    void aMembershipLineBesideADynamicFileIsRefused() {
        assertThat(LoadedConfig.of("dynamicConfigFile=/d", "server.2=b:1:2").refusal())
                .isEqualTo("parameter: server.2 must be in a separate dynamic config file");
    }

    @Test
    void anotherKeyInADynamicFileIsRefused() {
        assertThat(LoadedConfig.of("dynamicConfigFile=/d").with("/d", "x=1").refusal())
                .isEqualTo("Unrecognised parameter: x");
    }

    @Test
    void aVersionInADynamicFileIsRefused() {
        assertThat(LoadedConfig.of("dynamicConfigFile=/d")
                        .with("/d", "version=1")
                        .refusal())
                .isEqualTo("dynamic file shouldn't have version inside");
    }

    @Test
    void aMissingDynamicFileIsRefusedWithItsName() {
        assertThat(LoadedConfig.of("dynamicConfigFile=/d").refusal()).startsWith("cannot read /d: ");
    }
}
