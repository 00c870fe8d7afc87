/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.util.ArrayList;
import java.util.List;

/** Line-wise difference by longest common subsequence; small inputs only. Pure. */
final class Diff {
    private Diff() {}

    /** Every line of both: {@code "  "} in both, {@code "- "} only in {@code left}, {@code "+ "} only in {@code right}. */
    static List<String> lines(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> out = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                out.add("  " + left.get(i++));
                j++;
            } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
                out.add("- " + left.get(i++));
            } else {
                out.add("+ " + right.get(j++));
            }
        }
        return out;
    }

    /** Only the lines that differ. */
    static List<String> changes(List<String> left, List<String> right) {
        return lines(left, right).stream()
                .filter(line -> !line.startsWith("  "))
                .toList();
    }
}
