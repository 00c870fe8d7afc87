/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.MembershipEntries;
import io.vivarium.protocol.ensemble.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads server lines, the dynamic file and {@code myid}, and decides between a standalone server and a member of an ensemble
 * (spec operations 1.7 to 1.9).
 */
final class MembershipLoader {
    private static final String MYID = "myid";
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final long GREATEST_SID_WITH_TTL = 254;
    private static final int SAFE_VOTERS = 3;

    private final ConfigFiles files;
    private final ConfigValues values;
    private final ConfigPaths paths;
    private final ConfigLog log;

    MembershipLoader(ConfigFiles files, ConfigValues values, ConfigPaths paths) {
        this.files = files;
        this.values = values;
        this.paths = paths;
        this.log = values.log();
    }

    Membership load(SortedMap<String, String> staticLines, Path dataDir) {
        SortedMap<String, String> lines = staticLines;
        long version = 0;
        Path dynamicFile = values.text("dynamicConfigFile")
                .map(text -> paths.resolve("dynamicConfigFile", text))
                .orElse(null);
        if (dynamicFile != null) {
            if (!staticLines.isEmpty()) {
                throw new ConfigException(
                        "parameter: " + staticLines.firstKey() + " must be in a separate dynamic config file");
            }
            lines = readDynamic(dynamicFile);
            version = versionOf(dynamicFile);
        }
        MembershipEntries entries = MembershipEntries.parse(lines);
        entries.members().values().forEach(this::checkAddresses);
        Ensemble ensemble = decide(entries, version);
        Long sid = readSid(dataDir);
        checkSid(ensemble, sid, dataDir);
        return new Membership(ensemble, sid, ownClientAddress(entries, sid), dynamicFile);
    }

    private SortedMap<String, String> readDynamic(Path file) {
        SortedMap<String, String> lines = ConfigText.parse(file, ConfigText.decode(read(file)));
        if (lines.containsKey("version")) {
            throw new ConfigException("dynamic file shouldn't have version inside");
        }
        return lines;
    }

    /** The hexadecimal suffix of the name, 0 without one. */
    private static long versionOf(Path file) {
        String name = file.toString();
        try {
            return Long.parseLong(name.substring(name.lastIndexOf('.') + 1), 16);
        } catch (NumberFormatException noVersion) {
            return 0;
        }
    }

    private void checkAddresses(Member member) {
        if (member.addresses().size() > 1 && !values.flag("multiAddress.enabled")) {
            throw new ConfigException("Multiple address feature is disabled, but multiple addresses were specified for"
                    + " sid " + member.sid());
        }
    }

    /** The table of spec operations 1.8; null means standalone. */
    private @Nullable Ensemble decide(MembershipEntries entries, long version) {
        long participants = entries.participants();
        long observers = entries.members().size() - participants;
        boolean standaloneEnabled = values.flag("standaloneEnabled");
        if (participants == 0) {
            if (observers > 0) {
                throw new ConfigException("Observers w/o participants is an invalid configuration");
            }
            if (!standaloneEnabled) {
                throw new ConfigException("standaloneEnabled = false then number of participants should be >0");
            }
            return standalone();
        }
        if (participants == 1 && standaloneEnabled) {
            if (observers > 0) {
                throw new ConfigException("Observers w/o quorum is an invalid configuration");
            }
            log.error("Invalid configuration, only one server specified (ignoring)");
            return standalone();
        }
        if (participants < SAFE_VOTERS) {
            log.warn("No server failure will be tolerated. You need at least " + SAFE_VOTERS + " servers.");
        } else if (participants % 2 == 0) {
            log.warn("Non-optimal configuration, consider an odd number of servers.");
        }
        return entries.toEnsemble(version);
    }

    private @Nullable Ensemble standalone() {
        log.warn("Either no config or no quorum defined in config, running in standalone mode");
        return null;
    }

    /** The first line of {@code myid}; blanks, a carriage return and a byte order mark do no harm (spec operations 8.1). */
    private @Nullable Long readSid(Path dataDir) {
        Path file = dataDir.resolve(MYID);
        if (!files.exists(file)) {
            return null;
        }
        String line = new String(read(file), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        String number = line.isEmpty() || line.charAt(0) != BYTE_ORDER_MARK ? line : line.substring(1);
        try {
            return Long.valueOf(number.strip());
        } catch (NumberFormatException notNumber) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION, "serverid " + line + " is not a number", notNumber);
        }
    }

    private void checkSid(@Nullable Ensemble ensemble, @Nullable Long sid, Path dataDir) {
        Role peerType = values.text("peerType").map(Role::parse).orElse(null);
        if (ensemble == null) {
            return;
        }
        if (sid == null) {
            throw new ConfigException(dataDir.resolve(MYID) + " file is missing");
        }
        if (values.flag("extendedTypesEnabled") && sid > GREATEST_SID_WITH_TTL) {
            throw new ConfigException(
                    "extendedTypesEnabled needs server ids up to " + GREATEST_SID_WITH_TTL + ", but myid is " + sid);
        }
        Member self = ensemble.member(sid).orElse(null);
        if (self != null && peerType != null && peerType != self.role()) {
            log.warn("Peer type from servers list (" + self.role() + ") doesn't match peerType (" + peerType
                    + "). Defaulting to servers list.");
        }
    }

    /**
     * The client part of the own line. A standalone server with a single line and no {@code myid} takes that line as its
     * own; stock would serve on no port at all (spec operations 1.7, container trap).
     */
    private @Nullable HostPort ownClientAddress(MembershipEntries entries, @Nullable Long sid) {
        Member self = sid == null ? null : entries.members().get(sid);
        if (sid == null && entries.members().size() == 1) {
            self = entries.members().get(entries.members().firstKey());
        }
        return self == null ? null : self.clientAddress();
    }

    private byte[] read(Path file) {
        try {
            return files.read(file);
        } catch (IOException unreadable) {
            throw new ConfigException(
                    ConfigException.BAD_CONFIGURATION, "cannot read " + file + ": " + unreadable, unreadable);
        }
    }
}
