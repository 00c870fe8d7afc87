/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.WatchEvent;
import org.junit.jupiter.api.Test;

/** Spec client-protocol 8.5. */
class MissedEventTest {
    @Test
    void aDataWatchMissedWhatIsNewerThanTheClientSaw() {
        assertThat(MissedEvent.ofData(6, 5)).isEqualTo(WatchEvent.NODE_DATA_CHANGED);
    }

    @Test
    void theComparisonIsStrict() {
        assertThat(MissedEvent.ofData(5, 5)).isEqualTo(MissedEvent.NONE);
        assertThat(MissedEvent.ofChildren(5, 5)).isEqualTo(MissedEvent.NONE);
    }

    @Test
    void aChildWatchMissedALaterChangeOfChildren() {
        assertThat(MissedEvent.ofChildren(6, 5)).isEqualTo(WatchEvent.NODE_CHILDREN_CHANGED);
    }

    @Test
    void aMissingNodeIsADeletionEvenIfTheClientNeverSawIt() {
        assertThat(MissedEvent.ofMissingNode()).isEqualTo(WatchEvent.NODE_DELETED);
    }

    @Test
    void anExistsWatchOnANodeThatExistsMissedItsCreation() {
        assertThat(MissedEvent.ofExistingNode()).isEqualTo(WatchEvent.NODE_CREATED);
    }
}
