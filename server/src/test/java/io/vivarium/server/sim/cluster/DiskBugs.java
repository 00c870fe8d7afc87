/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.server.quorum.MemberState;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Resync;
import java.util.List;

/** Bugs between a core and its disk. */
final class DiskBugs {
    private static final int ONE_IN = 50;

    private DiskBugs() {}

    static final class AckBeforeSync extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void append(long zxid, byte[] payload) {
                    super.append(zxid, payload);
                    member.post(new QuorumEvent.JournalSynced(zxid));
                }
            };
        }
    }

    static final class RecordLost extends Saboteur {
        private int records;

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void append(long zxid, byte[] payload) {
                    if (++records % ONE_IN == 0) {
                        member.post(new QuorumEvent.JournalSynced(zxid));
                    } else {
                        super.append(zxid, payload);
                    }
                }
            };
        }
    }

    /** Answers for an epoch file that it does not write. */
    private static class NotStored extends Saboteur {
        private final EpochKind which;

        NotStored(EpochKind which) {
            this.which = which;
        }

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void storeEpoch(EpochKind kind, long epoch) {
                    if (kind == which) {
                        member.post(new QuorumEvent.EpochStored(kind, epoch));
                    } else {
                        super.storeEpoch(kind, epoch);
                    }
                }
            };
        }
    }

    static final class AcceptedNotStored extends NotStored {
        AcceptedNotStored() {
            super(EpochKind.ACCEPTED);
        }
    }

    static final class CurrentNotStored extends NotStored {
        CurrentNotStored() {
            super(EpochKind.CURRENT);
        }
    }

    static final class AcceptedForgotten extends Saboteur {
        @Override
        MemberState state(MemberState real) {
            return new MemberState(
                    real.currentEpoch(), real.currentEpoch(), real.lastZxid(), real.resync(), real.recent());
        }
    }

    static final class TruncSkipped extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void truncateHistory(long zxid) {
                    member.post(new QuorumEvent.HistoryTruncated(zxid, List.of()));
                }
            };
        }
    }

    static final class LogNotCut extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void installSnapshot(long zxid) {
                    member.writeSnapshot();
                    member.post(new QuorumEvent.SnapshotInstalled(zxid));
                }
            };
        }
    }

    static final class ImageNotInstalled extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void installSnapshot(long zxid) {
                    member.post(new QuorumEvent.SnapshotInstalled(zxid));
                }
            };
        }
    }

    static final class NoReload extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void reload() {
                    member.post(new QuorumEvent.Reloaded(member.lastApplied(), Resync.FROM_HISTORY, List.of()));
                }
            };
        }
    }

    static final class DamageIgnored extends Saboteur {
        @Override
        MemberState state(MemberState real) {
            return new MemberState(
                    real.acceptedEpoch(), real.currentEpoch(), real.lastZxid(), Resync.FROM_HISTORY, real.recent());
        }
    }
}
