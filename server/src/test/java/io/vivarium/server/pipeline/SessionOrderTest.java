/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import org.junit.jupiter.api.Test;

/** The order of one session (spec client-protocol 9.5). */
class SessionOrderTest {
    private final SessionOrder order = new SessionOrder();

    private static ReadRequest read(int xid) {
        return ReadRequest.failed(xid, OpCode.GET_DATA, ErrorCode.NO_NODE, 0);
    }

    @Test
    void aReadWithNothingAheadNeedNotWait() {
        assertThat(order.mustWait()).isFalse();
        assertThat(order.outstanding()).isZero();
        assertThat(order.takeReady()).isEmpty();
    }

    @Test
    void aReadBehindAWriteWaitsUntilThatIsAnswered() {
        assertThat(order.beginWrite()).isEmpty();
        assertThat(order.mustWait()).isTrue();
        order.await(read(1));
        order.await(read(2));
        assertThat(order.takeReady()).isEmpty();
        assertThat(order.outstanding()).isEqualTo(3);
        order.endWrite();
        assertThat(order.takeReady()).containsExactly(read(1), read(2));
        assertThat(order.takeReady()).isEmpty();
        assertThat(order.outstanding()).isZero();
    }

    @Test
    void theNextWriteTakesAlongTheReadsBeforeItAndOnlyThose() {
        order.beginWrite();
        order.await(read(1));
        assertThat(order.beginWrite()).containsExactly(read(1));
        order.await(read(2));
        assertThat(order.beginWrite()).containsExactly(read(2));
        order.await(read(3));
        assertThat(order.outstandingWrites()).isEqualTo(3);
        order.endWrite();
        order.endWrite();
        assertThat(order.takeReady()).isEmpty();
        order.endWrite();
        assertThat(order.takeReady()).containsExactly(read(3));
    }

    @Test
    void anAnswerToAWriteThatWasNeverSentIsAFault() {
        assertThatThrownBy(order::endWrite).isInstanceOf(IllegalStateException.class);
    }
}
