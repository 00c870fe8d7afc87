/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static io.vivarium.server.config.ConfigKey.Source.FILE;
import static io.vivarium.server.config.ConfigKey.Source.FILE_OR_PROPERTY;
import static io.vivarium.server.config.ConfigKey.Source.FILE_WITH_OVERRIDE;
import static io.vivarium.server.config.ConfigKey.Source.PROPERTY;
import static io.vivarium.server.config.ConfigKey.Status.IN_EFFECT;
import static io.vivarium.server.config.ConfigKey.Status.LATER;
import static io.vivarium.server.config.ConfigKey.Type.BOOL;
import static io.vivarium.server.config.ConfigKey.Type.CLASS;
import static io.vivarium.server.config.ConfigKey.Type.HOST;
import static io.vivarium.server.config.ConfigKey.Type.INT;
import static io.vivarium.server.config.ConfigKey.Type.LIST;
import static io.vivarium.server.config.ConfigKey.Type.LONG;
import static io.vivarium.server.config.ConfigKey.Type.PATH;
import static io.vivarium.server.config.ConfigKey.Type.TEXT;
import static io.vivarium.server.config.ConfigKey.key;
import static io.vivarium.server.config.Limits.ANY;
import static io.vivarium.server.config.Limits.atLeast;
import static io.vivarium.server.config.Limits.between;

import java.util.List;

/** Keys of the minimum of a configuration and general ones: spec operations 1.3. What each does stands in docs/configuration.md. */
final class GeneralKeys {
    static final List<ConfigKey> ALL = List.of(
            key("dataDir", PATH, "", "none", ANY, FILE, IN_EFFECT),
            key("dataLogDir", PATH, "", "= dataDir", ANY, FILE, IN_EFFECT),
            key("clientPort", INT, "port", "none", between(0, 65535), FILE, IN_EFFECT),
            key("clientPortAddress", HOST, "", "0.0.0.0", ANY, FILE, IN_EFFECT),
            key("secureClientPort", INT, "port", "none", between(0, 65535), FILE, LATER),
            key("secureClientPortAddress", HOST, "", "0.0.0.0", ANY, FILE, LATER),
            key("tickTime", INT, "ms", "3000", atLeast(0), FILE, IN_EFFECT),
            key("initLimit", INT, "ticks", "0", atLeast(0), FILE, IN_EFFECT),
            key("syncLimit", INT, "ticks", "0", atLeast(0), FILE, IN_EFFECT),
            key("minSessionTimeout", INT, "ms", "2 x tickTime", atLeast(-1), FILE, IN_EFFECT),
            key("maxSessionTimeout", INT, "ms", "20 x tickTime", atLeast(-1), FILE, IN_EFFECT),
            key("maxClientCnxns", INT, "connections", "60", atLeast(0), FILE, IN_EFFECT),
            key("maxCnxns", INT, "connections", "0", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("clientPortListenBacklog", INT, "connections", "-1", atLeast(-1), FILE, IN_EFFECT),
            key("autopurge.snapRetainCount", INT, "snapshots", "3", ANY, FILE, IN_EFFECT),
            key("autopurge.purgeInterval", TEXT, "hours", "0", ANY, FILE, IN_EFFECT),
            key("localSessionsEnabled", BOOL, "", "false", ANY, FILE, IN_EFFECT),
            key("localSessionsUpgradingEnabled", BOOL, "", "false", ANY, FILE, IN_EFFECT),
            key("syncEnabled", BOOL, "", "true", ANY, FILE_WITH_OVERRIDE, IN_EFFECT),
            key("jvm.pause.monitor", BOOL, "", "false", ANY, FILE, LATER),
            key("jvm.pause.warn-threshold.ms", LONG, "ms", "10000", atLeast(0), FILE, LATER),
            key("jvm.pause.info-threshold.ms", LONG, "ms", "1000", atLeast(0), FILE, LATER),
            key("jvm.pause.sleep.time.ms", LONG, "ms", "500", atLeast(1), FILE, LATER),
            key("oraclePath", PATH, "", "none", ANY, FILE, LATER),
            key("4lw.commands.whitelist", LIST, "", "srvr", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("extendedTypesEnabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("emulate353TTLNodes", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("readonlymode.enabled", BOOL, "", "false", ANY, PROPERTY, IN_EFFECT),
            key("audit.enable", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("audit.impl.class", CLASS, "", "built in", ANY, FILE_OR_PROPERTY, LATER),
            key("jute.maxbuffer", INT, "bytes", "1048575", atLeast(1024), PROPERTY, IN_EFFECT),
            key("jute.maxbuffer.extrasize", INT, "bytes", "= jute.maxbuffer", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT));

    private GeneralKeys() {}
}
