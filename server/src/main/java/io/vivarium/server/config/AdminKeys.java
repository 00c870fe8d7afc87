/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static io.vivarium.server.config.ConfigKey.Source.FILE;
import static io.vivarium.server.config.ConfigKey.Source.FILE_OR_PROPERTY;
import static io.vivarium.server.config.ConfigKey.Source.PROPERTY;
import static io.vivarium.server.config.ConfigKey.Status.GUARDED;
import static io.vivarium.server.config.ConfigKey.Status.IN_EFFECT;
import static io.vivarium.server.config.ConfigKey.Status.LATER;
import static io.vivarium.server.config.ConfigKey.Status.NOTHING_TO_TUNE;
import static io.vivarium.server.config.ConfigKey.Type.BOOL;
import static io.vivarium.server.config.ConfigKey.Type.CLASS;
import static io.vivarium.server.config.ConfigKey.Type.HOST;
import static io.vivarium.server.config.ConfigKey.Type.INT;
import static io.vivarium.server.config.ConfigKey.Type.LIST;
import static io.vivarium.server.config.ConfigKey.Type.PATH;
import static io.vivarium.server.config.ConfigKey.Type.TEXT;
import static io.vivarium.server.config.ConfigKey.key;
import static io.vivarium.server.config.Limits.ANY;
import static io.vivarium.server.config.Limits.atLeast;
import static io.vivarium.server.config.Limits.between;
import static io.vivarium.server.config.Limits.oneOf;

import java.util.List;

/** Keys of administration, metrics, TLS and authentication: spec operations 1.6. What each does stands in docs/configuration.md. */
final class AdminKeys {
    static final List<ConfigKey> ALL = List.of(
            key("admin.enableServer", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.serverAddress", HOST, "", "0.0.0.0", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.serverPort", INT, "port", "8080", between(0, 65535), FILE_OR_PROPERTY, LATER),
            key("admin.commandURL", TEXT, "", "/commands", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.idleTimeout", INT, "ms", "30000", atLeast(1), FILE_OR_PROPERTY, LATER),
            key("admin.portUnification", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.forceHttps", BOOL, "", "false", ANY, FILE_OR_PROPERTY, GUARDED),
            key("admin.needClientAuth", BOOL, "", "false", ANY, FILE_OR_PROPERTY, GUARDED),
            key("admin.httpVersion", INT, "", "11", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("admin.snapshot.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.restore.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER),
            key("admin.rateLimiterIntervalInMS", INT, "ms", "300000", atLeast(0), FILE_OR_PROPERTY, LATER),
            key("metricsProvider.className", CLASS, "", "built in", ANY, FILE, IN_EFFECT),
            key("metricsProvider.httpHost", HOST, "", "0.0.0.0", ANY, FILE, IN_EFFECT),
            key("metricsProvider.httpPort", INT, "port", "7000", between(0, 65535), FILE, IN_EFFECT),
            key("metricsProvider.exportJvmInfo", BOOL, "", "true", ANY, FILE, IN_EFFECT),
            key("metricsProvider.numWorkerThreads", INT, "threads", "1", ANY, FILE, NOTHING_TO_TUNE),
            key("metricsProvider.maxQueueSize", INT, "observations", "1000000", ANY, FILE, NOTHING_TO_TUNE),
            key("metricsProvider.workerShutdownTimeoutMs", INT, "ms", "1000", ANY, FILE, NOTHING_TO_TUNE),
            key("metricsProvider.httpsPort", INT, "port", "-1", between(-1, 65535), FILE, LATER),
            key("metricsProvider.ssl.*", TEXT, "", "none", ANY, FILE, LATER),
            key("ssl.keyStore.location", PATH, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.keyStore.password", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.keyStore.passwordPath", PATH, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key(
                    "ssl.keyStore.type",
                    TEXT,
                    "",
                    "by file ending",
                    oneOf("JKS", "PEM", "PKCS12", "BCFKS"),
                    FILE_OR_PROPERTY,
                    LATER),
            key("ssl.trustStore.location", PATH, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.trustStore.password", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.trustStore.passwordPath", PATH, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key(
                    "ssl.trustStore.type",
                    TEXT,
                    "",
                    "by file ending",
                    oneOf("JKS", "PEM", "PKCS12", "BCFKS"),
                    FILE_OR_PROPERTY,
                    LATER),
            key("ssl.protocol", TEXT, "", "TLSv1.3", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.enabledProtocols", LIST, "", "= ssl.protocol", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.ciphersuites", LIST, "", "built in", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.clientAuth", TEXT, "", "need", oneOf("none", "want", "need"), FILE_OR_PROPERTY, LATER),
            key("ssl.hostnameVerification", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.clientHostnameVerification", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.crl", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.ocsp", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.allowReverseDnsLookup", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.handshakeDetectionTimeoutMillis", INT, "ms", "5000", atLeast(1), FILE_OR_PROPERTY, LATER),
            key("ssl.context.supplier.class", CLASS, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.authProvider", TEXT, "", "x509", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.sslProvider", TEXT, "", "JDK", ANY, FILE_OR_PROPERTY, LATER),
            key("ssl.quorum.*", TEXT, "", "as ssl.*", ANY, FILE_OR_PROPERTY, LATER),
            key("client.portUnification", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("client.certReload", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("fips-mode", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER),
            key("authProvider.*", CLASS, "", "none", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("DigestAuthenticationProvider.superDigest", TEXT, "", "none", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("DigestAuthenticationProvider.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("DigestAuthenticationProvider.digestAlg", TEXT, "", "SHA1", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("X509AuthenticationProvider.superUser", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("superUser", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("SASLAuthenticationProvider.superPassword", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("IPAuthenticationProvider.usexforwardedfor", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("allowSaslFailedClients", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("sessionRequireClientSASLAuth", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("enforce.auth.enabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("enforce.auth.schemes", LIST, "", "none", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("kerberos.removeHostFromPrincipal", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("kerberos.removeRealmFromPrincipal", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("kerberos.canonicalizeHostNames", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("security.auth_to_local", TEXT, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("sasl.serverconfig", TEXT, "", "Server", ANY, FILE_OR_PROPERTY, LATER),
            key("letAnySaslUserDoX", TEXT, "", "none", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("ensembleAuthName", LIST, "", "none", ANY, FILE_OR_PROPERTY, LATER),
            key("java.security.auth.login.config", PATH, "", "none", ANY, PROPERTY, LATER));

    private AdminKeys() {}
}
