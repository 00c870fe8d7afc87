/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.ServerAddress;
import io.vivarium.server.config.QuorumConfig;
import io.vivarium.server.config.ServerConfig;

/** {@code conf}: what the server was started with; a member of an ensemble adds that (spec operations 3.3). */
final class ConfigReport {
    private static final int FAST_ELECTION = 3;
    private static final int NO_PORT = -1;

    private final StringBuilder text = new StringBuilder(512);

    /** @param clientPort the real one, whatever was configured */
    static String conf(ServerConfig config, int clientPort, DirectorySizes sizes) {
        ConfigReport report = new ConfigReport();
        DataDirectories directories = config.storage().directories();
        report.line("clientPort", config.clientPort().address() == null ? NO_PORT : clientPort);
        report.line("secureClientPort", NO_PORT);
        report.line("dataDir", directories.snapshots().toString());
        report.line("dataDirSize", sizes.snapshots());
        report.line("dataLogDir", directories.logs().toString());
        report.line("dataLogSize", sizes.logs());
        report.line("tickTime", config.session().tickTimeMillis());
        report.line("maxClientCnxns", config.clientPort().maxConnectionsPerAddress());
        report.line("minSessionTimeout", config.session().minTimeoutMillis());
        report.line("maxSessionTimeout", config.session().maxTimeoutMillis());
        report.line("clientPortListenBacklog", config.clientPort().listenBacklog());
        report.line("serverId", config.sid());
        if (config.quorum() != null) {
            report.quorum(config.quorum());
        }
        return report.text.toString();
    }

    private void quorum(QuorumConfig quorum) {
        ServerAddress own = quorum.self().address();
        line("initLimit", quorum.initLimitTicks());
        line("syncLimit", quorum.syncLimitTicks());
        line("electionAlg", FAST_ELECTION);
        line("electionPort", own.electionPort());
        line("quorumPort", own.quorumPort());
        line("peerType", quorum.self().isVoter() ? 0 : 1);
        Ensemble ensemble = quorum.ensemble();
        text.append("membership: \n").append(ensemble.toText());
    }

    private void line(String key, long value) {
        line(key, Long.toString(value));
    }

    private void line(String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
