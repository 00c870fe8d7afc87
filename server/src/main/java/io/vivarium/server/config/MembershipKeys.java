/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static io.vivarium.server.config.ConfigKey.Source.FILE;
import static io.vivarium.server.config.ConfigKey.Source.FILE_OR_PROPERTY;
import static io.vivarium.server.config.ConfigKey.Source.FILE_WITH_OVERRIDE;
import static io.vivarium.server.config.ConfigKey.Source.PROPERTY;
import static io.vivarium.server.config.ConfigKey.Status.GUARDED;
import static io.vivarium.server.config.ConfigKey.Status.IN_EFFECT;
import static io.vivarium.server.config.ConfigKey.Status.LATER;
import static io.vivarium.server.config.ConfigKey.Status.NOTHING_TO_TUNE;
import static io.vivarium.server.config.ConfigKey.Type.BOOL;
import static io.vivarium.server.config.ConfigKey.Type.INT;
import static io.vivarium.server.config.ConfigKey.Type.LONG;
import static io.vivarium.server.config.ConfigKey.Type.MEMBER;
import static io.vivarium.server.config.ConfigKey.Type.PATH;
import static io.vivarium.server.config.ConfigKey.Type.TEXT;
import static io.vivarium.server.config.ConfigKey.Type.YES_NO;
import static io.vivarium.server.config.ConfigKey.key;
import static io.vivarium.server.config.Limits.ANY;
import static io.vivarium.server.config.Limits.atLeast;
import static io.vivarium.server.config.Limits.between;
import static io.vivarium.server.config.Limits.oneOf;

import java.util.List;

/** Keys of membership and the ensemble: spec operations 1.4. What each does stands in docs/configuration.md. */
final class MembershipKeys {
    static final List<ConfigKey> ALL = List.of(
            key("server.N", MEMBER, "", "none", ANY, FILE, IN_EFFECT),
            key("group.G", MEMBER, "", "none", ANY, FILE, IN_EFFECT),
            key("weight.N", MEMBER, "", "1", ANY, FILE, IN_EFFECT),
            key("dynamicConfigFile", PATH, "", "none", ANY, FILE, IN_EFFECT),
            key("peerType", TEXT, "", "participant", oneOf("participant", "observer"), FILE, IN_EFFECT),
            key("electionAlg", INT, "", "3", ANY, FILE, IN_EFFECT),
            key("standaloneEnabled", BOOL, "", "true", ANY, FILE, IN_EFFECT),
            key("reconfigEnabled", BOOL, "", "false", ANY, FILE, LATER),
            key("quorumListenOnAllIPs", BOOL, "", "false", ANY, FILE, IN_EFFECT),
            key("leaderServes", YES_NO, "", "yes", oneOf("yes", "no"), FILE_OR_PROPERTY, IN_EFFECT),
            key("connectToLearnerMasterLimit", INT, "ticks", "0", atLeast(0), FILE, IN_EFFECT),
            key("observerMasterPort", INT, "port", "0", between(0, 65535), FILE, LATER),
            key("cnxTimeout", INT, "ms", "5000", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("quorumCnxnTimeoutMs", INT, "ms", "-1", atLeast(-1), FILE_OR_PROPERTY, IN_EFFECT),
            key("electionPortBindRetry", INT, "attempts", "3", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("tcpKeepAlive", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("clientTcpKeepAlive", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("fastleader.minNotificationInterval", INT, "ms", "200", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("fastleader.maxNotificationInterval", INT, "ms", "60000", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("leader.maxTimeToWaitForEpoch", INT, "ms", "-1", atLeast(-1), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("maxTimeToWaitForEpoch"),
            key("observer.reconnectDelayMs", LONG, "ms", "0", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("observer.election.DelayMs", LONG, "ms", "200", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("leaderConnectDelayDuringRetryMs", INT, "ms", "100", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("multiAddress.enabled", BOOL, "", "false", ANY, FILE_WITH_OVERRIDE, IN_EFFECT),
            key("multiAddress.reachabilityCheckEnabled", BOOL, "", "true", ANY, FILE_WITH_OVERRIDE, LATER),
            key("multiAddress.reachabilityCheckTimeoutMs", INT, "ms", "1000", atLeast(0), FILE_WITH_OVERRIDE, LATER),
            key("quorum.cnxn.threads.size", INT, "threads", "20", ANY, FILE, NOTHING_TO_TUNE),
            key("quorum.auth.enableSasl", BOOL, "", "false", ANY, FILE, GUARDED),
            key("quorum.auth.learnerRequireSasl", BOOL, "", "false", ANY, FILE, GUARDED),
            key("quorum.auth.serverRequireSasl", BOOL, "", "false", ANY, FILE, GUARDED),
            key("quorum.auth.learner.saslLoginContext", TEXT, "", "QuorumLearner", ANY, FILE, LATER),
            key("quorum.auth.server.saslLoginContext", TEXT, "", "QuorumServer", ANY, FILE, LATER),
            key("quorum.auth.kerberos.servicePrincipal", TEXT, "", "zkquorum/localhost", ANY, FILE, LATER),
            key("sslQuorum", BOOL, "", "false", ANY, FILE, GUARDED),
            key("portUnification", BOOL, "", "false", ANY, FILE, LATER),
            key("sslQuorumReloadCertFiles", BOOL, "", "false", ANY, FILE, LATER),
            key("follower.nodelay", BOOL, "", "true", ANY, PROPERTY, IN_EFFECT),
            key("leader.nodelay", BOOL, "", "true", ANY, PROPERTY, IN_EFFECT),
            key("leader.maxConcurrentSnapSyncs", INT, "learners", "10", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("maxConcurrentSnapSyncs"),
            key("leader.maxConcurrentDiffSyncs", INT, "learners", "100", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("maxConcurrentDiffSyncs"),
            key("learner.asyncSending", BOOL, "", "false", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("learner.closeSocketAsync", BOOL, "", "false", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("leader.closeSocketAsync", BOOL, "", "false", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("leader.ackLoggingFrequency", INT, "txns", "1000", atLeast(1), FILE_OR_PROPERTY, LATER),
            key(
                    "follower.skipLearnerRequestToNextProcessor",
                    BOOL,
                    "",
                    "false",
                    ANY,
                    FILE_OR_PROPERTY,
                    NOTHING_TO_TUNE),
            key(
                    "forward_learner_requests_to_commit_processor_disabled",
                    BOOL,
                    "",
                    "false",
                    ANY,
                    FILE_OR_PROPERTY,
                    NOTHING_TO_TUNE),
            key("forceSnapshotSync", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("observerMaster.sizeLimit", INT, "bytes", "33554432", atLeast(1), FILE_OR_PROPERTY, LATER));

    private MembershipKeys() {}
}
