/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import org.jspecify.annotations.Nullable;

/** Rules of znode paths (spec client-protocol 5.3 and 5.4). Paths themselves stay plain strings. */
public final class ZnodePath {
    public static final String ROOT = "/";
    public static final String SYSTEM = "/zookeeper";
    public static final String QUOTA = "/zookeeper/quota";
    public static final String CONFIG = "/zookeeper/config";
    public static final String QUOTA_LIMITS = "zookeeper_limits";
    public static final String QUOTA_STATS = "zookeeper_stats";

    private ZnodePath() {}

    /** The full validation that creates, setData, setACL and check make; null when valid, else what is wrong. */
    public static @Nullable String findFault(@Nullable String path) {
        if (path == null) {
            return "path is null";
        }
        int length = path.length();
        if (length == 0) {
            return "path is empty";
        }
        if (path.charAt(0) != '/') {
            return "path does not start with /";
        }
        if (length == 1) {
            return null;
        }
        if (path.charAt(length - 1) == '/') {
            return "path ends with /";
        }
        int nameStart = 1;
        for (int i = 1; i <= length; i++) {
            char c = i == length ? '/' : path.charAt(i);
            if (c == '/') {
                if (i == nameStart) {
                    return "empty name at offset " + (i - 1);
                }
                if (isDots(path, nameStart, i)) {
                    return "relative name at offset " + nameStart;
                }
                nameStart = i + 1;
            } else if (isForbidden(c)) {
                return "character 0x" + Integer.toHexString(c) + " at offset " + i;
            }
        }
        return null;
    }

    public static boolean isValid(@Nullable String path) {
        return findFault(path) == null;
    }

    /** The rough test that create and delete make before anything else: a slash somewhere, no NUL. */
    public static boolean isRoughlyValid(String path) {
        return path.indexOf('/') >= 0 && path.indexOf('\0') < 0;
    }

    /** Everything before the last slash; the empty string stands for the root. */
    public static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** Everything behind the last slash. */
    public static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The first name of a path, or the empty string for the root: the "namespace" of per-namespace metrics. */
    public static String namespaceOf(String path) {
        int end = path.indexOf('/', 1);
        return path.length() < 2 ? "" : path.substring(1, end < 0 ? path.length() : end);
    }

    private static boolean isDots(String path, int from, int to) {
        int length = to - from;
        return length <= 2 && path.charAt(from) == '.' && (length == 1 || path.charAt(from + 1) == '.');
    }

    private static boolean isForbidden(char c) {
        return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }
}
