/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to leave by one link, in three parts: packets sent before a history, the history, packets sent since.
 *
 * <pre>
 * before | history (window: the sending thread blocks) | behind (held until the history is over)
 * </pre>
 *
 * <p>A packet is kept as it is, so a packet for many learners is in memory once, however slow some of them are; its bytes
 * are laid out when the socket has room. Thread: any; the core puts, a history thread puts and may block, peer-io takes.
 * Locked on itself, never for longer than a few moves of references.
 */
final class SendQueue {
    /** Bytes of a history that may wait here before its sender does. */
    static final int HISTORY_WINDOW_BYTES = 512 * 1024;

    /** What became of a packet. */
    enum Offer {
        QUEUED,
        /** More waits than may wait: the link is to be closed. */
        OVERFLOW,
        /** The link is over. */
        CLOSED
    }

    private final long maxBytes;
    private final long maxBytesBehindHistory;
    private Deque<QuorumPacket> before = new ArrayDeque<>();
    private Deque<QuorumPacket> behind = new ArrayDeque<>();
    /** {@link QuorumPacket}s, and {@link ByteBuf}s of an image. */
    private final Deque<Object> history = new ArrayDeque<>();

    private long packetBytes;
    private long historyBytes;
    private boolean inHistory;
    private boolean catchingUp;
    private @Nullable String closedBy;

    SendQueue(LinkConfig.Limits limits) {
        this.maxBytes = limits.maxQueuedBytes();
        this.maxBytesBehindHistory = limits.maxQueuedBehindHistoryBytes();
    }

    /** Bytes of a packet on the wire; exact but for identities that are not ASCII. */
    static int sizeOf(QuorumPacket packet) {
        byte[] data = packet.data();
        int size = QuorumPacket.MIN_SIZE + (data == null ? 0 : data.length);
        List<Id> authinfo = packet.authinfo();
        if (authinfo != null) {
            for (int i = 0; i < authinfo.size(); i++) {
                Id id = authinfo.get(i);
                size += 8 + id.scheme().length() + id.id().length();
            }
        }
        return size;
    }

    synchronized Offer offer(QuorumPacket packet) {
        if (closedBy != null) {
            return Offer.CLOSED;
        }
        if (packetBytes > (catchingUp ? maxBytesBehindHistory : maxBytes)) {
            return Offer.OVERFLOW;
        }
        packetBytes += sizeOf(packet);
        (inHistory || !history.isEmpty() ? behind : before).add(packet);
        return Offer.QUEUED;
    }

    /** Bytes of packets that wait, without those of a history. */
    synchronized long queuedBytes() {
        return packetBytes;
    }

    synchronized boolean isEmpty() {
        return before.isEmpty() && history.isEmpty() && behind.isEmpty();
    }

    /** A history is under way, or what waited behind it has not left yet. */
    synchronized boolean isCatchingUp() {
        return catchingUp;
    }

    synchronized boolean isInHistory() {
        return inHistory;
    }

    // ---- The history

    /** From now on packets wait behind the history. False if the link is over. */
    synchronized boolean beginHistory() {
        if (closedBy != null) {
            return false;
        }
        if (inHistory) {
            throw new IllegalStateException("a history is under way on this link already");
        }
        inHistory = true;
        catchingUp = true;
        return true;
    }

    /**
     * Waits until the history may go on.
     *
     * @throws IOException if the link is over, or this thread is wanted elsewhere
     */
    synchronized void awaitWindow() throws IOException {
        while (closedBy == null && historyBytes >= HISTORY_WINDOW_BYTES) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted = new InterruptedIOException("interrupted while a history was sent");
                interrupted.initCause(e);
                throw interrupted;
            }
        }
        checkOpen();
    }

    /** Queues a part of the history. The queue owns a buffer from now on, even if this throws. */
    synchronized void offerHistory(Object part, int bytes) throws IOException {
        if (closedBy != null) {
            ReferenceCountUtil.release(part);
        }
        checkOpen();
        history.add(part);
        historyBytes += bytes;
    }

    synchronized void endHistory() throws IOException {
        checkOpen();
        inHistory = false;
    }

    synchronized void checkOpen() throws IOException {
        if (closedBy != null) {
            throw new IOException("the link is gone: " + closedBy);
        }
    }

    // ---- The way out

    /**
     * Moves what is next to {@code batch}: packets until they have {@code wanted} bytes together, or one buffer.
     *
     * @return their bytes, 0 if nothing may leave now
     */
    synchronized int take(List<Object> batch, int wanted) {
        int bytes = 0;
        while (bytes < wanted) {
            if (!before.isEmpty()) {
                QuorumPacket packet = before.remove();
                int size = sizeOf(packet);
                packetBytes -= size;
                bytes += size;
                batch.add(packet);
            } else if (!history.isEmpty()) {
                boolean isPacket = history.element() instanceof QuorumPacket;
                if (!isPacket && !batch.isEmpty()) {
                    break;
                }
                bytes += takeHistory(batch);
                if (!isPacket) {
                    break;
                }
            } else if (!inHistory && !behind.isEmpty()) {
                Deque<QuorumPacket> empty = before;
                before = behind;
                behind = empty;
            } else {
                break;
            }
        }
        if (catchingUp && !inHistory && history.isEmpty() && packetBytes <= maxBytes / 2) {
            catchingUp = false;
        }
        return bytes;
    }

    private int takeHistory(List<Object> batch) {
        Object part = history.remove();
        int size = part instanceof QuorumPacket packet ? sizeOf(packet) : ((ByteBuf) part).readableBytes();
        historyBytes -= size;
        if (historyBytes <= HISTORY_WINDOW_BYTES / 2) {
            notifyAll();
        }
        batch.add(part);
        return size;
    }

    /** Drops everything; whoever waits or comes later is told why. */
    synchronized void close(String reason) {
        if (closedBy != null) {
            return;
        }
        closedBy = reason;
        before.clear();
        behind.clear();
        history.forEach(ReferenceCountUtil::release);
        history.clear();
        packetBytes = 0;
        historyBytes = 0;
        notifyAll();
    }
}
