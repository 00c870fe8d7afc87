/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;

/**
 * Times and limits of the quorum protocol (spec quorum 14).
 *
 * @param tickMillis {@code tickTime}, milliseconds
 * @param initLimitTicks {@code initLimit}: for agreeing on an epoch and bringing a learner up to date
 * @param syncLimitTicks {@code syncLimit}: for hearing from a peer afterwards
 * @param maxSnapshotSyncs {@code leader.maxConcurrentSnapSyncs}
 * @param maxDiffSyncs {@code leader.maxConcurrentDiffSyncs}
 * @param epochPatienceMillis {@code leader.maxTimeToWaitForEpoch}; negative is off
 * @param observerLog {@code syncEnabled}
 * @param lastCounter where an epoch ends: no transaction has this counter or a greater one
 * @param syncConfig what the choice between DIFF, TRUNC and SNAP depends on
 */
public record ZabConfig(
        int tickMillis,
        int initLimitTicks,
        int syncLimitTicks,
        int maxSnapshotSyncs,
        int maxDiffSyncs,
        int epochPatienceMillis,
        ObserverLog observerLog,
        long lastCounter,
        SyncConfig syncConfig) {

    /** What an observer does with the transactions it is informed of (spec quorum 8.1). */
    public enum ObserverLog {
        /** They go to its log, as everywhere. */
        KEPT,
        /** They are only applied: after the role, or a restart, it stands again where its last sync had brought it. */
        NOT_KEPT
    }

    public ZabConfig {
        atLeastOne("tickTime", tickMillis, "ms");
        atLeastOne("initLimit", initLimitTicks, "ticks");
        atLeastOne("syncLimit", syncLimitTicks, "ticks");
        atLeastOne("zookeeper.leader.maxConcurrentSnapSyncs", maxSnapshotSyncs, "learners");
        atLeastOne("zookeeper.leader.maxConcurrentDiffSyncs", maxDiffSyncs, "learners");
        if (lastCounter < 2 || lastCounter > Zxid.LAST_COUNTER) {
            throw new IllegalArgumentException(
                    "the last counter is " + lastCounter + ", it must be within 2.." + Zxid.LAST_COUNTER);
        }
    }

    /** Stock's defaults for what an operator does not have to set. */
    public static ZabConfig withDefaults(int tickMillis, int initLimitTicks, int syncLimitTicks) {
        return new ZabConfig(
                tickMillis,
                initLimitTicks,
                syncLimitTicks,
                10,
                100,
                -1,
                ObserverLog.KEPT,
                Zxid.LAST_COUNTER,
                SyncConfig.DEFAULT);
    }

    long tickNanos() {
        return tickMillis * 1_000_000L;
    }

    private static void atLeastOne(String key, int value, String unit) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + " " + unit + ", it must be at least 1");
        }
    }
}
