/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

/**
 * Types of {@link QuorumPacket} (spec quorum 1.2). L is the leader or an observer master, F a learner.
 *
 * <p>Plain ints, because they arrive as ints that may be anything; {@link #name} is for people.
 */
public final class PacketType {
    /** F to L: a client's request. */
    public static final int REQUEST = 1;
    /** L to F: a transaction to log. */
    public static final int PROPOSAL = 2;
    /** F to L: logged, durably. */
    public static final int ACK = 3;
    /** L to F: a proposed transaction is decided. */
    public static final int COMMIT = 4;
    /** Both ways; the answer carries touched sessions. */
    public static final int PING = 5;
    /** Both ways: is this session alive. */
    public static final int REVALIDATE = 6;
    /** L to F: the oldest pending sync of this learner is due. */
    public static final int SYNC = 7;
    /** L to observers: a decided transaction. */
    public static final int INFORM = 8;
    /** L to F: as COMMIT, and the configuration it carries becomes valid. */
    public static final int COMMIT_AND_ACTIVATE = 9;
    /** L to F: end of the catch-up, with the epoch to accept. */
    public static final int NEW_LEADER = 10;
    /** F to L: first packet of a learner that wants proposals. */
    public static final int FOLLOWER_INFO = 11;
    /** L to F: a quorum has accepted the epoch; serve. */
    public static final int UP_TO_DATE = 12;
    /** L to F: your history is a prefix of mine. */
    public static final int DIFF = 13;
    /** L to F: cut your history back. */
    public static final int TRUNC = 14;
    /** L to F: an image follows, outside the packet framing. */
    public static final int SNAP = 15;
    /** F to L: first packet of a learner that wants decided transactions only. */
    public static final int OBSERVER_INFO = 16;
    /** L to F: the epoch that is proposed. */
    public static final int LEADER_INFO = 17;
    /** F to L: the epoch is promised; here is my history. */
    public static final int ACK_EPOCH = 18;
    /** L to observers: as INFORM, and the configuration it carries becomes valid. */
    public static final int INFORM_AND_ACTIVATE = 19;

    private PacketType() {}

    /** The name in logs and traces; {@code type N} for anything else. */
    public static String name(int type) {
        switch (type) {
            case REQUEST:
                return "REQUEST";
            case PROPOSAL:
                return "PROPOSAL";
            case ACK:
                return "ACK";
            case COMMIT:
                return "COMMIT";
            case PING:
                return "PING";
            case REVALIDATE:
                return "REVALIDATE";
            case SYNC:
                return "SYNC";
            case INFORM:
                return "INFORM";
            case COMMIT_AND_ACTIVATE:
                return "COMMITANDACTIVATE";
            case NEW_LEADER:
                return "NEWLEADER";
            case FOLLOWER_INFO:
                return "FOLLOWERINFO";
            case UP_TO_DATE:
                return "UPTODATE";
            case DIFF:
                return "DIFF";
            case TRUNC:
                return "TRUNC";
            case SNAP:
                return "SNAP";
            case OBSERVER_INFO:
                return "OBSERVERINFO";
            case LEADER_INFO:
                return "LEADERINFO";
            case ACK_EPOCH:
                return "ACKEPOCH";
            case INFORM_AND_ACTIVATE:
                return "INFORMANDACTIVATE";
            default:
                return "type " + type;
        }
    }
}
