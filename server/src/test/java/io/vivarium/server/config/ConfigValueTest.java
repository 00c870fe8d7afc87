/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.auth.AuthConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, their sources and their refusals: spec operations 1.1 rules 7 to 10, 1.3 to 1.6, 8.17 and 8.18. */
class ConfigValueTest {
    @Test
    void defaultsAreThoseOfTheTable() {
        ServerConfig config = LoadedConfig.of("clientPort=2181").load();

        assertThat(config.session()).isEqualTo(new SessionConfig(3000, 6000, 60000));
        assertThat(config.storage().dataLogDir()).isEqualTo(Path.of("/data"));
        assertThat(config.storage().snapCount()).isEqualTo(100_000);
        assertThat(config.storage().preAllocBytes()).isEqualTo(64L << 20);
        assertThat(config.storage().snapSizeLimitBytes()).isEqualTo(4L << 30);
        assertThat(config.storage().journalSizeLimitBytes()).isZero();
        assertThat(config.storage().flush()).isEqualTo(new StorageConfig.FlushConfig(true, 1000, 0, 0, 1000));
        assertThat(config.storage().purge()).isEqualTo(new PurgeConfig(3, 0));
        assertThat(config.clientPort().maxConnectionsPerAddress()).isEqualTo(60);
        assertThat(config.clientPort().maxRequestBytes()).isEqualTo(1048575);
        assertThat(config.clientPort().extraBytes()).isEqualTo(1048575);
        assertThat(config.throttle().globalOutstandingLimit()).isEqualTo(1000);
        assertThat(config.admin().address()).hasToString("0.0.0.0:8080");
        assertThat(config.admin().words()).containsExactly("srvr");
        assertThat(config.auth()).isEqualTo(AuthConfig.DEFAULT);
        assertThat(config.isStandalone()).isTrue();
        assertThat(config.sid()).isZero();
    }

    @Test
    void sessionLimitsFollowTheTick() {
        assertThat(LoadedConfig.of("tickTime=2000").load().session()).isEqualTo(new SessionConfig(2000, 4000, 40000));
        assertThat(LoadedConfig.of("tickTime=2000", "minSessionTimeout=-1", "maxSessionTimeout=5000")
                        .load()
                        .session())
                .isEqualTo(new SessionConfig(2000, 4000, 5000));
    }

    @Test
    void theFileBeatsTheCommandLine() {
        LoadedConfig both = LoadedConfig.of("snapCount=500").withProperty("zookeeper.snapCount", "700");
        LoadedConfig property = LoadedConfig.of().withProperty("zookeeper.snapCount", "700");

        assertThat(both.load().storage().snapCount()).isEqualTo(500);
        assertThat(property.load().storage().snapCount()).isEqualTo(700);
    }

    @Test
    void aKeyOfTheFileOnlyIsNotReadFromTheCommandLine() {
        assertThat(LoadedConfig.of()
                        .withProperty("zookeeper.tickTime", "1")
                        .load()
                        .session()
                        .tickTimeMillis())
                .isEqualTo(3000);
    }

    @ParameterizedTest
    @CsvSource({"0x10, 16", "010, 8", "12, 12"})
    void numbersOfPassedKeysAreDecoded(String text, int value) {
        assertThat(LoadedConfig.of("maxCnxns=" + text).load().clientPort().maxConnections())
                .isEqualTo(value);
    }

    @Test
    void aBadNumberOfAPassedKeyMeansTheDefaultAndIsWarnedOf() {
        LoadedConfig config = LoadedConfig.of("globalOutstandingLimit=many");

        assertThat(config.said())
                .contains("WARN globalOutstandingLimit=many is no good value (1 or more); 1000 requests is used");
        assertThat(config.load().throttle().globalOutstandingLimit()).isEqualTo(1000);
    }

    @Test
    void aNumberOutOfTheLimitsOfAPassedKeyMeansTheDefaultAndIsWarnedOf() {
        assertThat(LoadedConfig.of("globalOutstandingLimit=0").said())
                .contains("WARN globalOutstandingLimit=0 is no good value (1 or more); 1000 requests is used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0x10", "", "99999999999", "1.5"})
    void aBadNumberOfAParsedKeyIsRefused(String text) {
        assertThat(LoadedConfig.of("initLimit=" + text, "tickTime=" + text).refusal())
                .matches("(initLimit|tickTime): For input string: \"\\Q" + text + "\\E\"");
    }

    @Test
    void aNumberOutOfTheLimitsOfAParsedKeyIsRefused() {
        assertThat(LoadedConfig.of("clientPort=70000").refusal())
                .isEqualTo("clientPort=70000 is out of range 0 to 65535 port");
        assertThat(LoadedConfig.of("tickTime=-5").refusal()).isEqualTo("tickTime=-5 is out of range 0 or more ms");
    }

    @Test
    void aBooleanOfAParsedKeyMustBeOne() {
        assertThat(LoadedConfig.of("standaloneEnabled=yes").refusal())
                .isEqualTo("Invalid option yes for standaloneEnabled. Choose 'true' or 'false.'");
        assertThat(LoadedConfig.of("standaloneEnabled=TRUE").load().isStandalone())
                .isTrue();
    }

    @Test
    void aBooleanOfAPassedKeyIsFalseUnlessTrue() {
        LoadedConfig config = LoadedConfig.of("digest.enabled=yes");

        assertThat(config.said()).contains("WARN digest.enabled=yes is neither true nor false and counts as false");
        assertThat(config.load().storage().digest()).isFalse();
    }

    @Test
    void onlyTheExactWordChangesAYesOrNoKey() {
        assertThat(LoadedConfig.of("forceSync=no").load().storage().flush().forceSync())
                .isFalse();
        assertThat(LoadedConfig.of("forceSync=No").load().storage().flush().forceSync())
                .isTrue();
        assertThat(LoadedConfig.of("forceSync=No").said())
                .contains("WARN forceSync=No is no good value (yes, no); yes is used");
        assertThat(LoadedConfig.of("skipACL=yes").load().auth().skipAcl()).isTrue();
        assertThat(LoadedConfig.of("skipACL=true").load().auth().skipAcl()).isFalse();
    }

    @Test
    void onlyTheExactTextFalseTurnsTheAdminServerOff() {
        assertThat(LoadedConfig.of("admin.enableServer=false").load().admin().enabled())
                .isFalse();
        assertThat(LoadedConfig.of("admin.enableServer=no").load().admin().enabled())
                .isTrue();
    }

    @Test
    void aMissingDataDirectoryIsRefused() {
        assertThat(LoadedConfig.of("dataDir=").refusal()).isEqualTo("dataDir is not set");
    }

    @Test
    void aTickOfZeroIsRefused() {
        assertThat(LoadedConfig.of("tickTime=0").refusal()).isEqualTo("tickTime is not set");
    }

    @Test
    void crossedSessionLimitsAreRefused() {
        assertThat(LoadedConfig.of("minSessionTimeout=5000", "maxSessionTimeout=4000")
                        .refusal())
                .isEqualTo("minSessionTimeout must not be larger than maxSessionTimeout");
    }

    @Test
    void anAddressWithoutItsPortIsRefused() {
        assertThat(LoadedConfig.of("clientPortAddress=localhost").refusal())
                .isEqualTo("clientPortAddress is set but clientPort is not set");
        assertThat(LoadedConfig.of("secureClientPortAddress=localhost").refusal())
                .isEqualTo("secureClientPortAddress is set but secureClientPort is not set");
    }

    @Test
    void aServerWithoutClientPortIsWarnedOf() {
        LoadedConfig config = LoadedConfig.of();

        assertThat(config.said())
                .contains("INFO clientPort is not set", "WARN No client port is configured, so no client can connect");
        assertThat(config.load().clientPort().address()).isNull();
    }

    @Test
    void thePortZeroIsLeftToTheSystem() {
        assertThat(LoadedConfig.of("clientPort=0", "clientPortAddress=127.0.0.1")
                        .load()
                        .clientPort()
                        .address())
                .hasToString("127.0.0.1:0");
    }

    @Test
    void tooFewSnapshotsToRetainBecomeThree() {
        LoadedConfig config = LoadedConfig.of("autopurge.snapRetainCount=2", "autopurge.purgeInterval=1");

        assertThat(config.said())
                .contains(
                        "WARN Invalid autopurge.snapRetainCount: 2. Defaulting to 3",
                        "INFO autopurge.purgeInterval set to 1")
                .doesNotContain("INFO Purge task is not scheduled.");
        assertThat(config.load().storage().purge()).isEqualTo(new PurgeConfig(3, 3_600_000));
    }

    @ParameterizedTest
    @CsvSource({"30m, 1800000", "2h, 7200000", "45s, 45000", "-1, 0", "0, 0"})
    void thePurgeIntervalMayHaveAUnit(String text, long millis) {
        assertThat(LoadedConfig.of("autopurge.purgeInterval=" + text)
                        .load()
                        .storage()
                        .purge()
                        .intervalMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d", "h", "99999999999999999999", "9223372036854775807"})
    void aPurgeIntervalThatIsNoneIsRefused(String text) {
        assertThat(LoadedConfig.of("autopurge.purgeInterval=" + text).refusal())
                .isEqualTo("autopurge.purgeInterval: For input string: \"" + text + "\"");
    }

    @Test
    void aSnapCountBelowTwoBecomesTwo() {
        assertThat(LoadedConfig.of("snapCount=1").load().storage().snapCount()).isEqualTo(2);
    }

    @Test
    void anElectionAlgorithmOtherThanThreeIsRefused() {
        assertThat(LoadedConfig.of("electionAlg=2").refusal())
                .isEqualTo("Invalid electionAlg value. Only 3 is supported.");
    }

    @Test
    void anUnknownPeerTypeIsRefused() {
        assertThat(LoadedConfig.of("peerType=voter").refusal()).isEqualTo("Unrecognised peertype: voter");
    }

    @Test
    void anUnknownMetricsProviderIsRefused() {
        assertThat(LoadedConfig.of("metricsProvider.className=com.example.Mine").refusal())
                .isEqualTo("metrics provider class was not found");
    }

    @Test
    void requiredSaslWithoutSaslIsRefused() {
        assertThat(LoadedConfig.of("quorum.auth.learnerRequireSasl=true").refusal())
                .isEqualTo("quorum.auth.enableSasl is disabled, so cannot enable quorum.auth.learnerRequireSasl");
        assertThat(LoadedConfig.of("quorum.auth.serverRequireSasl=true").refusal())
                .isEqualTo("quorum.auth.enableSasl is disabled, so cannot enable quorum.auth.serverRequireSasl");
        assertThat(LoadedConfig.of("quorum.auth.enableSasl=true", "quorum.auth.serverRequireSasl=true")
                        .refusal())
                .isEqualTo(
                        "quorum.auth.learnerRequireSasl is disabled, so cannot enable quorum.auth.serverRequireSasl");
    }

    @Test
    void aProtectionThatCannotBeGivenIsRefusedAndItsAbsenceIsNot() {
        assertThat(LoadedConfig.of("sslQuorum=true").refusal())
                .isEqualTo("sslQuorum=true asks for a protection that this version cannot give yet;"
                        + " the server does not start without it");
        assertThat(LoadedConfig.of()
                        .withProperty("zookeeper.admin.forceHttps", "true")
                        .refusal())
                .startsWith("zookeeper.admin.forceHttps=true asks for a protection");
        assertThat(LoadedConfig.of("sslQuorum=false").said()).noneMatch(line -> line.contains("sslQuorum"));
    }

    @Test
    void aKnownKeyWithoutEffectIsNamedAndItsValueIsNotPrinted() {
        assertThat(LoadedConfig.of("ssl.keyStore.password=secret").said())
                .contains("WARN Key ssl.keyStore.password is known but not yet in effect in this version")
                .noneMatch(line -> line.contains("secret"));
        assertThat(LoadedConfig.of()
                        .withProperty("zookeeper.audit.enable", "true")
                        .said())
                .anyMatch(line -> line.endsWith("audit.enable is known but not yet in effect in this version"));
    }

    @Test
    void aKeyWithNothingToTuneIsAccepted() {
        assertThat(LoadedConfig.of("serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory")
                        .said())
                .contains("INFO Key serverCnxnFactory is accepted; this server has nothing that it would tune");
    }

    @Test
    void aMisspeltKeyIsWarnedOfWithTheNearestKnownOne() {
        assertThat(LoadedConfig.of("maxClientCnxn=5").said())
                .contains("WARN Unknown key maxClientCnxn in /conf/zoo.cfg. Did you mean maxClientCnxns?");
        assertThat(LoadedConfig.of("snapcount=5").said())
                .contains("WARN Unknown key snapcount in /conf/zoo.cfg. Did you mean snapCount?");
        assertThat(LoadedConfig.of("somethingElseEntirely=5").said())
                .contains("WARN Unknown key somethingElseEntirely in /conf/zoo.cfg");
    }

    @Test
    void anUnknownKeyIsKeptAsAProperty() {
        assertThat(LoadedConfig.of("my.own=5", "snapCount=9", "tickTime=8")
                        .load()
                        .properties())
                .containsEntry("zookeeper.my.own", "5")
                .containsEntry("zookeeper.snapCount", "9")
                .doesNotContainKey("zookeeper.tickTime");
    }

    @Test
    void aKeyThatStockReadsOnlyFromTheCommandLineWorksInTheFileUnlessItIsGivenThere() {
        LoadedConfig file = LoadedConfig.of("jute.maxbuffer=4194304");
        LoadedConfig both = LoadedConfig.of("jute.maxbuffer=4194304").withProperty("jute.maxbuffer", "2097152");

        assertThat(file.load().clientPort().maxRequestBytes()).isEqualTo(4194304);
        assertThat(file.said())
                .contains("INFO Key jute.maxbuffer in /conf/zoo.cfg is in effect;"
                        + " stock servers read it only as -Djute.maxbuffer");
        assertThat(both.load().clientPort().maxRequestBytes()).isEqualTo(2097152);
        assertThat(both.said()).contains("WARN Key jute.maxbuffer in /conf/zoo.cfg is overridden by -Djute.maxbuffer");
    }

    @Test
    void aDocumentedNameWorks() {
        LoadedConfig config = LoadedConfig.ofThree("1", "maxConcurrentSnapSyncs=4");

        assertThat(config.load().quorum().learn().maxSnapSyncs()).isEqualTo(4);
        assertThat(config.said())
                .contains("INFO Key maxConcurrentSnapSyncs in /conf/zoo.cfg is taken as"
                        + " leader.maxConcurrentSnapSyncs; stock servers ignore that spelling");
    }

    @Test
    void theRealNameBeatsTheDocumentedOne() {
        LoadedConfig config = LoadedConfig.ofThree("1", "maxConcurrentSnapSyncs=4", "leader.maxConcurrentSnapSyncs=6");

        assertThat(config.load().quorum().learn().maxSnapSyncs()).isEqualTo(6);
        assertThat(config.said())
                .contains("WARN Key maxConcurrentSnapSyncs in /conf/zoo.cfg is ignored, because"
                        + " leader.maxConcurrentSnapSyncs is there, too");
    }

    @Test
    void aKeyWrittenWithThePrefixOfThePropertyWorks() {
        assertThat(LoadedConfig.of("zookeeper.snapCount=77").load().storage().snapCount())
                .isEqualTo(77);
    }

    @Test
    void aBareFsyncThresholdOnTheCommandLineWorks() {
        assertThat(LoadedConfig.of()
                        .withProperty("fsync.warningthresholdms", "5")
                        .load()
                        .storage()
                        .flush())
                .extracting(StorageConfig.FlushConfig::warningThresholdMillis)
                .isEqualTo(5L);
    }

    @Test
    void theWhitelistIsTrimmedAndAStarMeansAll() {
        assertThat(LoadedConfig.of("4lw.commands.whitelist=ruok , mntr,")
                        .load()
                        .admin()
                        .words())
                .containsExactlyInAnyOrder("ruok", "mntr", "srvr");
        assertThat(LoadedConfig.of("4lw.commands.whitelist=*").load().admin().allowsWord("wchc"))
                .isTrue();
        assertThat(LoadedConfig.of().load().admin().allowsWord("ruok")).isFalse();
        assertThat(LoadedConfig.of().load().admin().allowsWord("isro")).isFalse();
        assertThat(LoadedConfig.of("readonlymode.enabled=true").load().admin().allowsWord("isro"))
                .isTrue();
    }

    @Test
    void providersComeFromFileAndCommandLine() {
        assertThat(LoadedConfig.of("authProvider.1=A")
                        .withProperty("zookeeper.authProvider.1", "hidden")
                        .withProperty("zookeeper.authProvider.2", "B")
                        .load()
                        .auth()
                        .providerClasses())
                .containsExactly("A", "B");
    }
}
