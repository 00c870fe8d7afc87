/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.MalformedEnsembleException;
import io.vivarium.protocol.ensemble.MembershipEntries;
import io.vivarium.server.config.ConfigKey.Source;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a configuration file into a {@link ServerConfig}, by the rules of spec operations 1.
 *
 * <pre>
 * text -&gt; entries --+-- membership lines --&gt; MembershipLoader --+
 *                   +-- other lines -------&gt; ConfigValues -------+--&gt; ServerConfig
 * system properties (a copy) ------------------^
 * </pre>
 *
 * <p>Every refusal is a {@link ConfigException}; what is only worth a word goes to the {@link ConfigLog}, which is complete
 * after a failure, too. Thread: any, for one use; blocks on files.
 */
public final class ConfigLoader {
    /** System property that names the home of the installation; the scripts set it. */
    public static final String HOME_PROPERTY = "vivarium.home";

    private static final Set<String> METRICS_PROVIDERS = Set.of(
            "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider",
            MetricsConfig.PROMETHEUS,
            "org.apache.zookeeper.metrics.impl.NullMetricsProvider");
    private static final int ONLY_ELECTION = 3;

    private final ConfigFiles files;
    private final Map<String, String> properties;
    private final ConfigLog log;

    /** @param properties a copy of the system properties */
    public ConfigLoader(ConfigFiles files, Map<String, String> properties, ConfigLog log) {
        this.files = files;
        this.properties = Map.copyOf(properties);
        this.log = log;
    }

    /** Reads the file of this path, as the operator gave it. */
    public ServerConfig load(String path) {
        log.info("Reading configuration from: " + path);
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException notPath) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION, path + " is no path: " + notPath.getReason(), notPath);
        }
        if (!file.isAbsolute() && !path.startsWith("./")) {
            log.warn(path + " is relative. Prepend ./ to indicate that you're sure!");
        }
        file = file.toAbsolutePath().normalize();
        if (!files.exists(file)) {
            throw new ConfigException(file + " file is missing");
        }
        try {
            return load(file, ConfigText.decode(files.read(file)));
        } catch (IOException unreadable) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION, "cannot read " + file + ": " + unreadable, unreadable);
        }
    }

    /** Reads this text as the content of the file. */
    public ServerConfig load(Path file, String text) {
        SortedMap<String, String> members = new TreeMap<>();
        SortedMap<String, String> others = new TreeMap<>();
        ConfigText.parse(file, text)
                .forEach((key, value) -> (MembershipEntries.isMembershipKey(key) ? members : others).put(key, value));
        try {
            return assemble(file, text, members, others);
        } catch (MalformedEnsembleException malformed) {
            throw new ConfigException(ConfigException.BAD_CONFIGURATION, malformed.getMessage(), malformed);
        }
    }

    private ServerConfig assemble(
            Path file, String text, SortedMap<String, String> members, SortedMap<String, String> others) {
        ConfigValues values = new ConfigValues(others, properties, log);
        ConfigPaths paths = new ConfigPaths(Path.of(properties.getOrDefault(HOME_PROPERTY, "")), log);
        checkKnownChoices(values);
        KeyReview review = new KeyReview(file, properties, log);
        review.review(others);
        review.reviewProperties();
        SessionConfig session = SessionConfig.from(values);
        StorageConfig storage = StorageConfig.from(values, paths);
        Membership membership = new MembershipLoader(files, values, paths).load(members, storage.dataDir());
        HostPort clientAddress = clientAddress(values, membership);
        QuorumConfig quorum = membership.ensemble() == null || membership.sid() == null
                ? null
                : QuorumConfig.from(
                        values, membership, membership.sid(), membership.ensemble(), session.tickTimeMillis());
        return new ServerConfig(
                file,
                text,
                ClientPortConfig.from(values, clientAddress),
                session,
                storage,
                ThrottleConfig.from(values, quorum),
                TreeConfig.from(values),
                AuthSection.from(values),
                AdminConfig.from(values),
                MetricsConfig.from(values),
                quorum,
                values.flag("reconfigEnabled"),
                withLinesOf(others));
    }

    /** Checks of keys that this version otherwise leaves alone; a wrong value must not wait for a later version. */
    private static void checkKnownChoices(ConfigValues values) {
        if (values.integer("electionAlg") != ONLY_ELECTION) {
            throw new ConfigException("Invalid electionAlg value. Only 3 is supported.");
        }
        Optional<String> metrics = values.text("metricsProvider.className");
        if (metrics.isPresent() && !METRICS_PROVIDERS.contains(metrics.get())) {
            throw new ConfigException("metrics provider class was not found");
        }
        boolean learner = values.flag("quorum.auth.learnerRequireSasl");
        boolean server = values.flag("quorum.auth.serverRequireSasl");
        if (!values.flag("quorum.auth.enableSasl") && (learner || server)) {
            throw new ConfigException("quorum.auth.enableSasl is disabled, so cannot enable quorum.auth."
                    + (learner ? "learnerRequireSasl" : "serverRequireSasl"));
        }
        if (server && !learner) {
            throw new ConfigException(
                    "quorum.auth.learnerRequireSasl is disabled, so cannot enable" + " quorum.auth.serverRequireSasl");
        }
        for (ConfigKey key : ConfigKeys.ALL) {
            if (key.source() == Source.FILE && key.status() != ConfigKey.Status.IN_EFFECT) {
                switch (key.type()) {
                    case INT -> values.integerOr(key.name(), 0);
                    case LONG -> values.longIntegerOr(key.name(), 0);
                    case BOOL -> values.flag(key.name());
                    default -> {
                        // Texts are read by the part that understands them.
                    }
                }
            }
        }
    }

    private @Nullable HostPort clientAddress(ConfigValues values, Membership membership) {
        HostPort plain = portOf(values, "clientPort");
        portOf(values, "secureClientPort");
        HostPort own = membership.ownClientAddress();
        if (plain == null || own == null) {
            return sayClientAddress(plain == null ? own : plain);
        }
        if (membership.ensemble() == null) {
            return sayClientAddress(plain);
        }
        boolean isBoundToAny = plain.host().equals(HostPort.ANY);
        if (plain.port() != own.port() || (!isBoundToAny && !plain.host().equals(own.host()))) {
            throw new ConfigException("client address for this server (id = " + membership.sid()
                    + ") in static config file is " + (isBoundToAny ? HostPort.ANY : "") + "/" + plain
                    + " is different from client address found in dynamic file: /" + own);
        }
        return sayClientAddress(own);
    }

    private @Nullable HostPort sayClientAddress(@Nullable HostPort address) {
        log.info(address == null ? "clientPort is not set" : "clientPortAddress is " + address);
        if (address == null) {
            log.warn("No client port is configured, so no client can connect");
        }
        log.info("secureClientPort is not set");
        return address;
    }

    /** A port and the address beside it; null if the port is not set. */
    private static @Nullable HostPort portOf(ConfigValues values, String name) {
        Optional<String> host = values.text(name + "Address");
        int port = values.integerOr(name, -1);
        if (port < 0) {
            if (host.isPresent()) {
                throw new ConfigException(name + "Address is set but " + name + " is not set");
            }
            return null;
        }
        return new HostPort(host.orElse(HostPort.ANY), port);
    }

    private Map<String, String> withLinesOf(SortedMap<String, String> lines) {
        Map<String, String> all = new TreeMap<>(properties);
        lines.forEach((key, value) -> {
            boolean isPassedOn =
                    ConfigKeys.find(key).map(row -> row.source() != Source.FILE).orElse(true);
            if (isPassedOn) {
                all.put(ConfigKeys.PROPERTY_PREFIX + key, value);
            }
        });
        return all;
    }
}
