/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A file whose name says log (spec persistence 1.1).
 *
 * @param startZxid the zxid in the name: its first record
 */
public record SegmentFile(Path path, long startZxid) {
    /** Every log by name, oldest first. */
    public static List<SegmentFile> list(Disk disk, Path directory) throws IOException {
        List<SegmentFile> files = new ArrayList<>();
        for (String name : disk.list(directory)) {
            DataFileName.parse(name, DataFileName.LOG_PREFIX)
                    .ifPresent(parsed -> files.add(new SegmentFile(directory.resolve(name), parsed.zxid())));
        }
        files.sort(Comparator.comparingLong(SegmentFile::startZxid).thenComparing(SegmentFile::path));
        return files;
    }

    /** Those that can hold records at or above {@code zxid}, oldest first (spec persistence 2.5). */
    public static List<SegmentFile> listFrom(Disk disk, Path directory, long zxid) throws IOException {
        List<SegmentFile> files = list(disk, directory);
        int first = 0;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).startZxid <= zxid) {
                first = i;
            }
        }
        return files.subList(first, files.size());
    }
}
