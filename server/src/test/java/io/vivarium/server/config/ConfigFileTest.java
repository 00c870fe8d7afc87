/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file as such: spec operations 1.1. */
class ConfigFileTest {
    @Test
    void blanksCarriageReturnsAndAByteOrderMarkAreDropped() {
        ServerConfig config = new LoadedConfig()
                .with("/conf/zoo.cfg", "\ufefftickTime = 2000 \r\ndataDir:/data \t\r\nclientPort 2181\r\n")
                .load();

        assertThat(config.session().tickTimeMillis()).isEqualTo(2000);
        assertThat(config.storage().dataDir()).isEqualTo(Path.of("/data"));
        assertThat(config.clientPort().address()).hasToString("0.0.0.0:2181");
    }

    @Test
    void commentsOfAnyAlphabetAreSkipped() {
        assertThat(LoadedConfig.of("# ポート", "! 数据", "clientPort=2181")
                        .load()
                        .clientPort()
                        .address())
                .hasToString("0.0.0.0:2181");
    }

    @Test
    void ofTwoLinesWithTheSameKeyTheLastCounts() {
        assertThat(LoadedConfig.of("tickTime=1", "tickTime=2").load().session().tickTimeMillis())
                .isEqualTo(2);
    }

    @Test
    void aBackslashContinuesTheLine() {
        assertThat(LoadedConfig.of("4lw.commands.whitelist=ruok,\\", "  mntr")
                        .load()
                        .admin()
                        .words())
                .containsExactlyInAnyOrder("ruok", "mntr", "srvr");
    }

    @Test
    void aCommentBehindANumberIsPartOfTheValue() {
        assertThat(LoadedConfig.of("clientPort=2181 # x").refusal())
                .isEqualTo("clientPort: For input string: \"2181 # x\"");
    }

    @Test
    void aBrokenEscapeIsRefusedWithTheName() {
        assertThat(LoadedConfig.of("a=\\u00zz").refusal()).startsWith("/conf/zoo.cfg: Malformed");
    }

    @Test
    void aMissingFileIsRefused() {
        assertThat(new LoadedConfig().refusal()).isEqualTo("/conf/zoo.cfg file is missing");
    }

    @Test
    void aRelativeFileIsWarnedOf() {
        ConfigLog log = new ConfigLog();

        assertThatThrownBy(() -> new ConfigLoader(new LoadedConfig(), Map.of(), log).load("none.cfg"))
                .isInstanceOf(ConfigException.class);
        assertThat(log.lines())
                .contains(new ConfigLog.Line(
                        ConfigLog.Level.WARN, "none.cfg is relative. Prepend ./ to indicate that you're sure!"));
    }

    @Test
    void aRelativeDataDirectoryStartsAtTheHomeAndIsWarnedOfUnlessItSaysSo() {
        LoadedConfig plain = LoadedConfig.of("dataDir=data");
        LoadedConfig sure = LoadedConfig.of("dataDir=./data", "dataLogDir=./data/logs");

        assertThat(plain.said()).contains("WARN data is relative. Prepend ./ to indicate that you're sure!");
        assertThat(sure.said()).noneMatch(line -> line.contains("is relative"));
        assertThat(sure.load().storage().directories().snapshots()).isEqualTo(Path.of("/home/data/version-2"));
        assertThat(sure.load().storage().directories().logs()).isEqualTo(Path.of("/home/data/logs/version-2"));
    }

    @Test
    void whatIsReadIsSaidFirst() {
        assertThat(LoadedConfig.of("clientPort=2181").said())
                .startsWith("INFO Reading configuration from: /conf/zoo.cfg")
                .contains(
                        "INFO clientPortAddress is 0.0.0.0:2181",
                        "INFO secureClientPort is not set",
                        "INFO autopurge.snapRetainCount set to 3",
                        "INFO autopurge.purgeInterval set to 0",
                        "INFO Purge task is not scheduled.",
                        "WARN Either no config or no quorum defined in config, running in standalone mode");
    }

    @Test
    void theTextIsKeptForReports() {
        assertThat(LoadedConfig.of("tickTime=7").load().text()).isEqualTo("dataDir=/data\ntickTime=7");
    }
}
