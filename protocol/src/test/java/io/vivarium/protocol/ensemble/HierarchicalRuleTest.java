/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups and weights: spec quorum 11. */
class HierarchicalRuleTest {
    private static final String NINE = """
            server.1=a:1:2
            server.2=b:1:2
            server.3=c:1:2
            server.4=d:1:2
            server.5=e:1:2
            server.6=f:1:2
            server.7=g:1:2
            server.8=h:1:2
            server.9=i:1:2
            group.1=1:2:3
            group.2=4:5:6
            group.3=7:8:9
            """;

    @Test
    void twoOfThreeInTwoOfThreeGroupsAreAQuorum() {
        Ensemble ensemble = Ensemble.parse(NINE);

        assertThat(ensemble.isQuorum(Set.of(1L, 2L, 8L, 9L))).isTrue();
        assertThat(ensemble.isQuorum(Set.of(1L, 2L, 3L, 4L, 7L))).isFalse();
        assertThat(ensemble.isQuorum(Set.of())).isFalse();
    }

    @Test
    void aGroupWithoutWeightDoesNotCount() {
        Ensemble ensemble = Ensemble.parse(NINE + "weight.7=0\nweight.8=0\nweight.9=0");

        assertThat(ensemble.isQuorum(Set.of(1L, 2L, 7L, 8L, 9L))).isFalse();
        assertThat(ensemble.isQuorum(Set.of(1L, 2L, 4L, 5L))).isTrue();
    }

    @Test
    void oneHeavyServerWinsItsGroup() {
        Ensemble ensemble = Ensemble.parse(NINE + "weight.1=5");

        assertThat(ensemble.isQuorum(Set.of(1L, 4L, 5L))).isTrue();
        assertThat(ensemble.isQuorum(Set.of(2L, 3L, 4L, 5L))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyTwoQuorumsShareAServer(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(NINE);
        for (int sid = 1; sid <= 9; sid++) {
            text.append("weight.")
                    .append(sid)
                    .append('=')
                    .append(random.nextInt(4))
                    .append('\n');
        }
        Ensemble ensemble = Ensemble.parse(text.toString());
        for (int trial = 0; trial < 2000; trial++) {
            Set<Long> some = new HashSet<>();
            Set<Long> rest = new HashSet<>();
            for (long sid = 1; sid <= 9; sid++) {
                (random.nextBoolean() ? some : rest).add(sid);
            }
            assertThat(ensemble.isQuorum(some) && ensemble.isQuorum(rest))
                    .as("seed %d: %s and %s under%n%s", seed, some, rest, text)
                    .isFalse();
        }
    }

    @Test
    void aServerInTwoGroupsIsRefused() {
        assertRefused(NINE + "group.4=3", "Server 3is in multiple groups");
    }

    @Test
    void aParticipantInNoGroupIsRefused() {
        assertRefused(NINE + "server.10=j:1:2", "Server 10is not in a group");
        assertRefused("server.1=a:1:2\nweight.1=1", "Server 1is not in a group");
    }

    @Test
    void aGroupMemberThatIsNobodyIsRefused() {
        assertRefused(NINE + "group.4=12", "Server 12 of group.4 is neither a participant nor has a weight.12");
    }

    @Test
    void aNegativeWeightIsRefused() {
        assertRefused(NINE + "weight.1=-1", "weight.1=-1 is out of range 0 to 2147483647");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> Ensemble.parse(text))
                .isInstanceOf(MalformedEnsembleException.class)
                .hasMessage(message);
    }
}
