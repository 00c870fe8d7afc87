/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * Goes over indices once: {@code start, start + step, …}, {@code count} of them, wrapped at {@code modulo}.
 *
 * <p>Creates, watch registrations and one-time writes are sweeps. Thread: one.
 */
public final class Sweep implements RequestSource {
    private final FrameTemplate template;
    private final int kind;
    private final long start;
    private final long step;
    private final long count;
    private final int modulo;
    private long done;

    public Sweep(FrameTemplate template, int kind, long start, long step, long count, int modulo) {
        if (modulo < 1) {
            throw new IllegalArgumentException("modulo " + modulo + " is below 1");
        }
        this.template = template;
        this.kind = kind;
        this.start = start;
        this.step = step;
        this.count = count;
        this.modulo = modulo;
    }

    /** The share of one session in going over {@code 0..total-1} once: every session takes each n-th index. */
    public static Factory shared(FrameTemplate template, int kind, int total) {
        return (session, sessions) -> {
            long mine = session >= total ? 0 : (total - 1 - session) / sessions + 1L;
            return new Sweep(template, kind, session, sessions, mine, Math.max(1, total));
        };
    }

    @Override
    public int writeNext(ByteBuf out, int xid) {
        if (done == count) {
            return EXHAUSTED;
        }
        template.write(out, xid, (int) ((start + done * step) % modulo));
        done++;
        return kind;
    }
}
