/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * Who a learner is: data of FOLLOWERINFO and OBSERVERINFO (spec quorum 1.3).
 *
 * <p>Wire: {@code long serverId, int protocolVersion} and, from 3.5 on, {@code long configVersion}. So a 3.4 learner
 * sends 12 bytes and a later one 20, and this is the only sign by which a leader tells them apart.
 *
 * @param protocolVersion {@link #PROTOCOL_VERSION} from every server since 3.4
 * @param configVersion version of the learner's committed configuration, or {@link #NO_CONFIG_VERSION}
 */
public record LearnerInfo(long serverId, int protocolVersion, long configVersion) implements JuteRecord {
    /** Version of the protocol with LEADERINFO and ACKEPOCH, the only one still in use. */
    public static final int PROTOCOL_VERSION = 0x10000;
    /** The learner said no version; no real one is negative. */
    public static final long NO_CONFIG_VERSION = Long.MIN_VALUE;

    private static final int OLDEST_VERSION = 1;
    private static final int WITH_VERSION = 12;
    private static final int WITH_CONFIG = 20;

    /** What a current server says about itself. */
    public static LearnerInfo of(long serverId, long configVersion) {
        return new LearnerInfo(serverId, PROTOCOL_VERSION, configVersion);
    }

    /**
     * Reads as much as is there; bytes beyond the known fields are ignored.
     *
     * @param syntheticId the id of a learner that sent no data at all
     * @throws io.vivarium.protocol.jute.MalformedDataException if there are 1 to 7 bytes
     */
    public static LearnerInfo read(byte @Nullable [] data, long syntheticId) {
        if (data == null || data.length == 0) {
            return new LearnerInfo(syntheticId, OLDEST_VERSION, NO_CONFIG_VERSION);
        }
        JuteReader in = JuteReader.of(data);
        long serverId = in.readLong();
        int version = data.length >= WITH_VERSION ? in.readInt() : OLDEST_VERSION;
        long configVersion = data.length >= WITH_CONFIG ? in.readLong() : NO_CONFIG_VERSION;
        return new LearnerInfo(serverId, version, configVersion);
    }

    /** True for 3.4 learners, which know no packet, opcode or transaction of 3.5 and later (spec quorum 16.1). */
    public boolean isLegacy() {
        return configVersion == NO_CONFIG_VERSION;
    }

    @Override
    public void write(JuteWriter out) {
        out.writeLong(serverId);
        out.writeInt(protocolVersion);
        if (configVersion != NO_CONFIG_VERSION) {
            out.writeLong(configVersion);
        }
    }
}
