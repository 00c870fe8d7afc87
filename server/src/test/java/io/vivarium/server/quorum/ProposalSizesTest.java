/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The last line of {@code srvr} of a leader: spec operations 3.3. */
class ProposalSizesTest {
    private final ProposalSizes sizes = new ProposalSizes();

    @Test
    void beforeTheFirstProposalThereIsNoSize() {
        assertThat(seen()).containsExactly(-1, -1, -1);
    }

    @Test
    void lastLeastAndGreatestAreKept() {
        sizes.proposed(100);
        sizes.proposed(48);
        sizes.proposed(60);

        assertThat(seen()).containsExactly(60, 48, 100);
    }

    @Test
    void aResetForgetsAtOnceAndTheNextProposalBeginsAnew() {
        sizes.proposed(100);
        sizes.reset();
        assertThat(seen()).containsExactly(-1, -1, -1);

        sizes.proposed(48);
        assertThat(seen()).containsExactly(48, 48, 48);
    }

    private List<Integer> seen() {
        return List.of(sizes.last(), sizes.min(), sizes.max());
    }
}
