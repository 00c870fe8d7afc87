/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.net.HistoryOutlet;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A history that leaves in pieces, with pauses in which a link may break or a process die. Thread: the test's. */
final class SimOutlet implements HistoryOutlet {
    private static final int MAX_FRAMES = 40;
    private static final int MAX_PIECE_BYTES = 4_000;

    private final long link;
    private final MemberLinks links;
    private final SimProcess process;
    private final RandomGenerator dice;
    private final LongSupplier maxPauseNanos;
    private final ArrayDeque<PeerFrame> frames = new ArrayDeque<>();
    private @Nullable ByteArrayOutputStream image;

    SimOutlet(long link, MemberLinks links, SimProcess process, RandomGenerator dice, LongSupplier maxPauseNanos) {
        this.link = link;
        this.links = links;
        this.process = process;
        this.dice = dice;
        this.maxPauseNanos = maxPauseNanos;
    }

    @Override
    public void send(QuorumPacket packet) {
        frames.addLast(new PeerFrame.Packet(packet));
    }

    @Override
    public OutputStream image() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        image = bytes;
        return bytes;
    }

    @Override
    public void end() {
        if (image != null) {
            byte[] bytes = image.toByteArray();
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + dice.nextInt(MAX_PIECE_BYTES));
                frames.addLast(new PeerFrame.Image(Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
        }
    }

    @Override
    public void fail(String reason) {
        links.fail(link, reason);
    }

    boolean hasImage() {
        return image != null;
    }

    /** Sends what was queued, piece by piece. */
    void leave(Runnable sent) {
        for (int count = 1 + dice.nextInt(MAX_FRAMES); count > 0 && !frames.isEmpty(); count--) {
            if (!links.sendHistory(link, frames.removeFirst())) {
                return;
            }
        }
        if (frames.isEmpty()) {
            process.after(pauseNanos(), () -> left(sent));
        } else {
            process.after(pauseNanos(), () -> leave(sent));
        }
    }

    private long pauseNanos() {
        return dice.nextLong(maxPauseNanos.getAsLong());
    }

    /** What follows the history comes in a piece of its own, so that a link may break between the two. */
    private void left(Runnable sent) {
        links.endHistory(link);
        sent.run();
    }
}
