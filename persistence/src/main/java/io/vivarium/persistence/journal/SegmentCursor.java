/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of several log files as one sequence, with the end rules of spec persistence 2.4.
 *
 * <p>An older file that ends with something else than its last record is damage, unless the very next record follows: a
 * write that was cut off had nothing behind it.
 */
final class SegmentCursor implements JournalCursor {
    private final Disk disk;
    private final Deque<SegmentFile> waiting;
    private final long fromZxid;
    private final long toZxid;
    private final int maxRecordBytes;
    private @Nullable SegmentReader reader;
    private long last = -1;
    private @Nullable DamagedJournalException tear;

    SegmentCursor(Disk disk, List<SegmentFile> files, long fromZxid, long toZxid, int maxRecordBytes) {
        this.disk = disk;
        this.waiting = new ArrayDeque<>(files);
        this.fromZxid = fromZxid;
        this.toZxid = toZxid;
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            if (reader == null) {
                SegmentFile file = waiting.poll();
                if (file == null || file.startZxid() > toZxid) {
                    return false;
                }
                reader = SegmentReader.open(disk, file.path(), maxRecordBytes);
            }
            while (reader.next()) {
                follow(reader.zxid());
                if (reader.zxid() > toZxid) {
                    close();
                    waiting.clear();
                    return false;
                }
                if (reader.zxid() >= fromZxid) {
                    return true;
                }
            }
            check(reader);
            close();
        }
    }

    private void follow(long zxid) throws DamagedJournalException {
        if (tear != null && zxid != last + 1) {
            throw tear;
        }
        tear = null;
        last = zxid;
    }

    private void check(SegmentReader ended) throws IOException {
        switch (ended.end()) {
            case CLEAN, CUT_SHORT, NO_END_BYTE:
                tear = isTorn(ended)
                        ? new DamagedJournalException(
                                ended.path(), ended.offset(), ended.endDetail() + ", behind " + Zxid.toString(last))
                        : tear;
                return;
            case EMPTY, SHORT_HEADER, BLANK_HEADER:
                if (waiting.isEmpty()) {
                    return;
                }
                break;
            default:
                break;
        }
        throw new DamagedJournalException(ended.path(), ended.offset(), ended.endDetail());
    }

    /** Asked where a file does not go on with the next number only: to look through padding takes time. */
    private boolean isTorn(SegmentReader ended) throws IOException {
        SegmentFile next = waiting.peek();
        if (next == null || next.startZxid() == last + 1) {
            return false;
        }
        return ended.end() != SegmentEnd.CLEAN || Remains.behind(ended, maxRecordBytes) != Remains.NOTHING;
    }

    @Override
    public long zxid() {
        return current().zxid();
    }

    @Override
    public ByteBuffer payload() {
        return current().payload();
    }

    @Override
    public Path file() {
        return current().path();
    }

    @Override
    public long offset() {
        return current().offset();
    }

    private SegmentReader current() {
        if (reader == null) {
            throw new IllegalStateException("the cursor stands on no record");
        }
        return reader;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
