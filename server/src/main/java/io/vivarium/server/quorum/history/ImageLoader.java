/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.snapshot.SnapshotBodyReader;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.quorum.net.ImageSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Fills the tree from the image that a leader sends behind SNAP (spec quorum 1.5).
 *
 * <p>Thread: peer-io; one object for one image. The tree is cleared with the first piece and belongs to this loader until
 * the image is complete and installed, or the tree is reloaded: an image that ends early leaves a tree that is good for
 * nothing (ZOOKEEPER-3642). The gate is held exclusively for one piece at a time.
 */
public final class ImageLoader implements ImageSink {
    /** Ends an image. */
    static final String SIGNATURE = "BenWasHere";

    private static final int SIGNATURE_BYTES = 4 + SIGNATURE.length();

    private final long zxid;
    private final SnapshotSink tree;
    private final TreeGate gate;
    private final TreeClaim claim;
    private final SnapshotBodyReader body;
    private boolean begun;

    /**
     * @param zxid of the SNAP packet: where the tree stands afterwards
     * @param maxLength the greatest length in bytes of one string or buffer
     */
    public ImageLoader(long zxid, SnapshotSink tree, TreeGate gate, TreeClaim claim, int maxLength) {
        this.zxid = zxid;
        this.tree = tree;
        this.gate = gate;
        this.claim = claim;
        this.body = new SnapshotBodyReader(tree, maxLength);
    }

    @Override
    public boolean accept(ByteBuffer in) {
        claim.claim();
        long stamp = gate.enterExclusive();
        try {
            if (!begun) {
                begun = true;
                tree.clear();
            }
            if (!body.isDone() && !body.read(in)) {
                return false;
            }
            if (!readSignature(in)) {
                return false;
            }
            tree.loaded(zxid);
            return true;
        } finally {
            gate.leaveExclusive(stamp);
        }
    }

    private static boolean readSignature(ByteBuffer in) {
        if (in.remaining() < 4) {
            return false;
        }
        int length = in.getInt(in.position());
        if (length != SIGNATURE.length()) {
            throw MalformedDataException.badValue(
                    in.position(),
                    "an image ends with a signature of " + SIGNATURE.length() + " bytes, this one has " + length);
        }
        if (in.remaining() < SIGNATURE_BYTES) {
            return false;
        }
        byte[] signature = new byte[length];
        in.position(in.position() + 4).get(signature);
        String text = new String(signature, StandardCharsets.ISO_8859_1);
        if (!text.equals(SIGNATURE)) {
            throw MalformedDataException.badValue(
                    in.position() - length, "an image ends with " + SIGNATURE + ", this one with " + text);
        }
        return true;
    }
}
