/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The machine and the process, as reports tell of them.
 *
 * @param properties system properties at start
 * @param zone in which reports write times
 * @param openFiles file descriptors in use, -1 where the platform does not tell
 * @param maxFiles file descriptors the process may have, -1 where the platform does not tell
 */
public record HostFacts(
        String hostName,
        Map<String, String> properties,
        ZoneId zone,
        LongSupplier openFiles,
        LongSupplier maxFiles,
        Supplier<Memory> memory) {
    private static final String UNKNOWN = "<NA>";

    /** The heap, in bytes. */
    public record Memory(long free, long max, long total) {}

    public HostFacts {
        properties = Map.copyOf(properties);
    }

    /** The facts of this process. May ask the name service, so this is for the start. */
    public static HostFacts ofThisProcess() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().forEach((key, value) -> properties.put(String.valueOf(key), String.valueOf(value)));
        Runtime runtime = Runtime.getRuntime();
        return new HostFacts(
                nameOfThisHost(),
                properties,
                ZoneId.systemDefault(),
                files(UnixOperatingSystemMXBean::getOpenFileDescriptorCount),
                files(UnixOperatingSystemMXBean::getMaxFileDescriptorCount),
                () -> new Memory(runtime.freeMemory(), runtime.maxMemory(), runtime.totalMemory()));
    }

    /** A property, or the text that stands for none. */
    String property(String name) {
        return properties.getOrDefault(name, UNKNOWN);
    }

    private static String nameOfThisHost() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }

    private static LongSupplier files(java.util.function.ToLongFunction<UnixOperatingSystemMXBean> count) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? () -> count.applyAsLong(unix)
                : () -> -1;
    }
}
