/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** More than half of the voters: the rule of every ensemble without groups and weights (spec quorum 11). */
public final class MajorityRule implements QuorumRule {
    /** Sorted; an array, because this is asked once for each ack. */
    private final long[] voters;

    public MajorityRule(Collection<Long> voters) {
        this.voters =
                voters.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
    }

    @Override
    public boolean isQuorum(LongPredicate contains) {
        int present = 0;
        for (long voter : voters) {
            if (contains.test(voter)) {
                present++;
            }
        }
        return present > voters.length / 2;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MajorityRule that && Arrays.equals(voters, that.voters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(voters);
    }

    @Override
    public String toString() {
        return "majority of " + Arrays.toString(voters);
    }
}
