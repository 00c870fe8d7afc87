/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * The tree that workloads run on: {@code /bench/GGGG/IIII}, a thousand nodes to a parent.
 *
 * <p>Names have a fixed width, so that a request is a copied template with two words of digits written over it. Thread:
 * any; stateless.
 */
public final class NodeNames {
    /** Root of everything the driver creates. */
    public static final String ROOT = "/bench";
    /** A parent with very many children, for listing. */
    public static final String WIDE = "/bench-wide";

    public static final int NODES_PER_PARENT = 1_000;
    /** Four digits of parent times the nodes of each. */
    public static final int MAX_NODES = 10_000 * NODES_PER_PARENT;

    private static final int[] DIGITS = new int[10_000];

    static {
        for (int i = 0; i < DIGITS.length; i++) {
            byte[] text = fourDigits(i).getBytes(StandardCharsets.US_ASCII);
            DIGITS[i] = text[0] << 24 | text[1] << 16 | text[2] << 8 | text[3];
        }
    }

    private NodeNames() {}

    public static String parent(int group) {
        return ROOT + "/" + fourDigits(group);
    }

    public static String node(int node) {
        return parent(node / NODES_PER_PARENT) + "/" + fourDigits(node % NODES_PER_PARENT);
    }

    /** Parents needed for that many nodes. */
    public static int parents(int nodes) {
        return (nodes + NODES_PER_PARENT - 1) / NODES_PER_PARENT;
    }

    /** Four ASCII digits as one big-endian word, for values below 10,000. */
    static int digits(int value) {
        return DIGITS[value];
    }

    private static String fourDigits(int value) {
        if (value < 0 || value > 9_999) {
            throw new IllegalArgumentException("value " + value + " is not within 0..9999");
        }
        String text = Integer.toString(value);
        return "0000".substring(text.length()) + text;
    }
}
