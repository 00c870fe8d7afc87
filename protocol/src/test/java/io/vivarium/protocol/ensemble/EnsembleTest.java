/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Text form and agreement of ensembles: spec quorum 10.2, election 2.5. */
class EnsembleTest {
    private static final String THREE_AND_OBSERVER = """
            server.1=zoo1:2888:3888:participant;0.0.0.0:2181
            server.2=zoo2:2888:3888:participant;0.0.0.0:2181
            server.3=[2001:db8::3]:2888:3888:participant;[::]:2181
            server.4=zoo4:2888:3888:observer
            version=100000000""";

    @Test
    void canonicalTextSurvivesParsingAndPrinting() {
        assertThat(Ensemble.parse(THREE_AND_OBSERVER).toText()).isEqualTo(THREE_AND_OBSERVER);
    }

    @Test
    void votersAndObserversAreToldApart() {
        Ensemble ensemble = Ensemble.parse(THREE_AND_OBSERVER);

        assertThat(ensemble.voters()).containsExactly(1L, 2L, 3L);
        assertThat(ensemble.observers()).containsExactly(4L);
        assertThat(ensemble.version()).isEqualTo(0x1_0000_0000L);
        assertThat(ensemble.isVoter(4)).isFalse();
        assertThat(ensemble.isVoter(9)).isFalse();
        assertThat(ensemble.member(9)).isEmpty();
    }

    @Test
    void twoOfThreeVotersAreAQuorumAndObserversDoNotCount() {
        Ensemble ensemble = Ensemble.parse(THREE_AND_OBSERVER);

        assertThat(ensemble.isQuorum(Set.of(1L, 3L))).isTrue();
        assertThat(ensemble.isQuorum(Set.of(1L, 4L, 9L))).isFalse();
        assertThat(ensemble.isQuorum(Set.of())).isFalse();
    }

    @Test
    void halfOfAnEvenNumberIsNoQuorum() {
        Ensemble four = Ensemble.parse("server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\nserver.4=d:1:2");

        assertThat(four.isQuorum(Set.of(1L, 2L))).isFalse();
        assertThat(four.isQuorum(Set.of(1L, 2L, 4L))).isTrue();
    }

    @Test
    void aTextWithoutVersionHasVersionZero() {
        assertThat(Ensemble.parse("server.5=a:1:2").toText()).isEqualTo("server.5=a:1:2:participant\nversion=0");
    }

    @Test
    void groupsAndWeightsSurviveParsingAndPrinting() {
        String text = """
                server.1=a:1:2:participant
                server.2=b:1:2:participant
                server.3=c:1:2:participant
                group.1=1
                group.2=2:3
                weight.1=2
                weight.2=1
                weight.3=0
                version=0""";

        assertThat(Ensemble.parse(text).toText()).isEqualTo(text);
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertRefused("server.1=a:1:2\ntickTime=1", "Unrecognised parameter: tickTime");
    }

    @Test
    void aVersionThatIsNoNumberIsRefusedAndNothingElseIsThrown() {
        assertRefused("server.1=a:1:2\nversion=zz", "For input string: \"zz\"");
    }

    @Test
    void aServerIdThatIsNoNumberIsRefused() {
        assertRefused("server.x=a:1:2", "For input string: \"x\"");
    }

    @Test
    void aMembershipOfObserversIsRefused() {
        assertRefused("server.1=a:1:2:observer", "Observers w/o participants is an invalid configuration");
        assertRefused("", "Observers w/o participants is an invalid configuration");
    }

    @Test
    void aBrokenUnicodeEscapeIsRefused() {
        assertRefused("server.1=\\u00zz", "membership text of 15 characters: Malformed \\uxxxx encoding.");
    }

    @Test
    void equalMembersAgreeWhateverTheVersionAndEqualVersionsAgreeWhateverTheMembers() {
        Ensemble one = Ensemble.parse("server.1=a:1:2\nversion=5");
        Ensemble moved = Ensemble.parse("server.1=b:1:2\nversion=5");

        assertThat(one.isSameAgreement(one.withVersion(6))).isTrue();
        assertThat(one.isSameAgreement(moved)).isTrue();
        assertThat(one.isSameAgreement(moved.withVersion(6))).isFalse();
    }

    @Test
    void theRoleAndTheClientAddressAreMembershipToo() {
        Ensemble plain = Ensemble.parse("server.1=a:1:2\nserver.2=b:1:2");

        assertThat(plain.hasSameMembers(Ensemble.parse("server.1=a:1:2;2181\nserver.2=b:1:2")))
                .isFalse();
        assertThat(plain.hasSameMembers(Ensemble.parse("server.1=a:1:2\nserver.2=b:1:2:observer")))
                .isFalse();
        assertThat(plain.hasSameMembers(Ensemble.parse("server.2=b:1:2\nserver.1=a:1:2")))
                .isTrue();
    }

    @Test
    void linesLeaveTheVersionOut() {
        assertThat(Ensemble.parse("server.1=a:1:2\nversion=7").lines())
                .isEqualTo(List.of("server.1=a:1:2:participant"));
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> Ensemble.parse(text))
                .isInstanceOf(MalformedEnsembleException.class)
                .hasMessage(message);
    }
}
