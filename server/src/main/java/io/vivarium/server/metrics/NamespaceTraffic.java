/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Bytes read or written below each node of the first level: {@code read_per_namespace} and {@code write_per_namespace}.
 *
 * <p>Thread: {@link #record} and {@link #clear} belong to one thread, {@link #addTo} to any. A path is looked up without an
 * object; the namespace asked for last is found by one comparison. What lies below more nodes than the limit is not
 * counted: their names come from clients.
 */
final class NamespaceTraffic {
    static final int MAX_NAMESPACES = 500;
    private static final int SLOTS = 1024;

    /** @param utf8 the name again */
    private record Entry(String name, byte[] utf8, Distribution bytes) {}

    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);
    private @Nullable Entry last;
    private int size;

    /** Counts bytes for the namespace of a path; the root has none. */
    void record(String path, long bytes) {
        Entry entry = last;
        if (entry == null || !covers(entry.name(), path)) {
            int end = path.indexOf('/', 1);
            if (end < 0) {
                end = path.length();
            }
            if (end <= 1) {
                return;
            }
            entry = find(path, end);
            if (entry == null) {
                return;
            }
            last = entry;
        }
        entry.bytes().record(bytes);
    }

    /** The same for a path that stands in ASCII in an array. */
    void record(byte[] ascii, int offset, int length, long bytes) {
        Entry entry = last;
        if (entry != null && covers(entry.utf8(), ascii, offset, length)) {
            entry.bytes().record(bytes);
        } else {
            record(new String(ascii, offset, length, StandardCharsets.US_ASCII), bytes);
        }
    }

    private static boolean covers(byte[] name, byte[] path, int offset, int length) {
        int end = offset + 1 + name.length;
        return length > name.length
                && Arrays.equals(name, 0, name.length, path, offset + 1, end)
                && (length == name.length + 1 || path[end] == '/');
    }

    private static boolean covers(String name, String path) {
        int end = name.length() + 1;
        return path.startsWith(name, 1) && (path.length() == end || path.charAt(end) == '/');
    }

    private @Nullable Entry find(String path, int end) {
        int hash = 0;
        for (int i = 1; i < end; i++) {
            hash = 31 * hash + path.charAt(i);
        }
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        Entry entry;
        while ((entry = slots.getPlain(slot)) != null) {
            if (isNameOf(entry, path, end)) {
                return entry;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        if (size == MAX_NAMESPACES) {
            return null;
        }
        size++;
        String name = path.substring(1, end);
        Entry added = new Entry(name, name.getBytes(StandardCharsets.UTF_8), new Distribution());
        slots.setRelease(slot, added);
        return added;
    }

    private static boolean isNameOf(Entry entry, String path, int end) {
        return entry.name().length() == end - 1 && path.startsWith(entry.name(), 1);
    }

    /** Begins anew; names that were seen stay, as they do in stock. */
    void clear() {
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = slots.getPlain(i);
            if (entry != null) {
                entry.bytes().clear();
            }
        }
    }

    void addTo(Map<String, SummaryTotal> totals) {
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = slots.getAcquire(i);
            if (entry != null) {
                SummaryTotal total =
                        totals.computeIfAbsent(entry.name(), name -> new SummaryTotal(Summary.Detail.BASIC));
                entry.bytes().addTo(total);
            }
        }
    }

    /** The names alone. */
    void addNamesTo(Map<String, SummaryTotal> totals) {
        for (int i = 0; i < SLOTS; i++) {
            Entry entry = slots.getAcquire(i);
            if (entry != null) {
                totals.computeIfAbsent(entry.name(), name -> new SummaryTotal(Summary.Detail.BASIC));
            }
        }
    }
}
