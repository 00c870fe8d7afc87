/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.QuorumEvent.PacketReceived;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Bugs between leaders and learners. */
final class PacketBugs {
    private static final int ONE_IN = 50;

    private PacketBugs() {}

    /** Of two commits that follow each other directly the second is heard first; a single one waits for the next packet. */
    static final class CommitsSwapped extends Saboteur {
        private final Map<Long, PacketReceived> waiting = new HashMap<>();

        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (!(event instanceof PacketReceived received)) {
                core.accept(event);
                return;
            }
            boolean commit = received.packet().type() == PacketType.COMMIT;
            PacketReceived first = waiting.remove(received.link());
            if (first == null && commit) {
                waiting.put(received.link(), received);
                return;
            }
            core.accept(received);
            if (first != null) {
                core.accept(first);
            }
        }
    }

    static final class AppliedBeforeDecided extends Saboteur {
        private final Set<Long> applied = new HashSet<>();

        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (event instanceof PacketReceived received && received.packet().type() == PacketType.PROPOSAL) {
                core.accept(event);
                applied.add(received.packet().zxid());
                core.accept(new PacketReceived(
                        received.link(),
                        QuorumPacket.of(PacketType.COMMIT, received.packet().zxid())));
            } else if (event instanceof PacketReceived received
                    && received.packet().type() == PacketType.COMMIT
                    && applied.remove(received.packet().zxid())) {
                // Done already.
                return;
            } else {
                core.accept(event);
            }
        }
    }

    /** Applied, so that the stream goes on as if nothing was missing, but not in the log. */
    static final class DiffWithHole extends Saboteur {
        private boolean serving;
        private int records;

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void append(long zxid, byte[] payload) {
                    if (!serving && ++records % ONE_IN == 0) {
                        return;
                    }
                    super.append(zxid, payload);
                }
            };
        }

        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (event instanceof PacketReceived received) {
                int type = received.packet().type();
                if (type == PacketType.DIFF || type == PacketType.UP_TO_DATE) {
                    serving = type == PacketType.UP_TO_DATE;
                }
            }
            core.accept(event);
        }
    }

    /** Changes what happens to the requests that a learner passes on. */
    private abstract static class OfRequests extends Saboteur {
        private int requests;

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void send(long link, QuorumPacket packet) {
                    boolean struck = packet.type() == PacketType.REQUEST && isStruck(packet);
                    for (int i = struck ? copies() : 1; i > 0; i--) {
                        super.send(link, packet);
                    }
                }
            };
        }

        private boolean isStruck(QuorumPacket packet) {
            return ForwardedRequest.read(packet).opCode() != OpCode.SYNC && ++requests % ONE_IN == 0;
        }

        abstract int copies();
    }

    static final class WriteLost extends OfRequests {
        @Override
        int copies() {
            return 0;
        }
    }

    static final class WriteTwice extends OfRequests {
        @Override
        int copies() {
            return 2;
        }
    }

    static final class SyncEarly extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void send(long link, QuorumPacket packet) {
                    boolean sync = packet.type() == PacketType.REQUEST
                            && ForwardedRequest.read(packet).opCode() == OpCode.SYNC;
                    if (sync) {
                        member.post(new PacketReceived(link, QuorumPacket.of(PacketType.SYNC, 0)));
                    } else {
                        super.send(link, packet);
                    }
                }
            };
        }
    }

    static final class DeadSessionRevived extends Saboteur {
        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (event instanceof PacketReceived received
                    && received.packet().type() == PacketType.REVALIDATE
                    && received.packet().dataOrEmpty().length == 9) {
                long session =
                        SessionVerdict.read(received.packet().dataOrEmpty()).sessionId();
                core.accept(new PacketReceived(received.link(), new SessionVerdict(session, true).toPacket()));
            } else {
                core.accept(event);
            }
        }
    }

    static final class OwnerStale extends Saboteur {
        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void send(long link, QuorumPacket packet) {
                    if (packet.type() == PacketType.REVALIDATE && packet.dataOrEmpty().length == SessionTimeout.SIZE) {
                        long session = SessionTimeout.readAll(packet.dataOrEmpty())
                                .get(0)
                                .sessionId();
                        member.post(new PacketReceived(link, new SessionVerdict(session, true).toPacket()));
                    } else {
                        super.send(link, packet);
                    }
                }
            };
        }
    }

    static final class TouchedForEver extends Saboteur {
        private final Map<Long, SessionTimeout> ever = new TreeMap<>();

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void send(long link, QuorumPacket packet) {
                    if (packet.type() == PacketType.PING && packet.data() != null) {
                        SessionTimeout.readAll(packet.data()).forEach(touch -> ever.put(touch.sessionId(), touch));
                        super.send(link, SessionTimeout.pingReply(packet.zxid(), new ArrayList<>(ever.values())));
                    } else {
                        super.send(link, packet);
                    }
                }
            };
        }
    }
}
