/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import org.junit.jupiter.api.Nested;

/**
 * Suites that a server on its own passes, on a follower: what is forwarded and comes back looks the same to a client (spec
 * quorum 7.3, 7.4). All suites in every seat: {@code -Dit.test='*ContractIT' -Dcontract.seat=follower}.
 */
class FollowerContractIT {
    @Nested
    class Headers extends HeaderContractIT {
        @Override
        Seat seat() {
            return Seat.FOLLOWER;
        }
    }

    @Nested
    class Handshakes extends HandshakeContractIT {
        @Override
        Seat seat() {
            return Seat.FOLLOWER;
        }
    }

    @Nested
    class Writes extends WriteContractIT {
        @Override
        Seat seat() {
            return Seat.FOLLOWER;
        }
    }

    @Nested
    class Multis extends MultiContractIT {
        @Override
        Seat seat() {
            return Seat.FOLLOWER;
        }
    }

    @Nested
    class Watches extends WatchContractIT {
        @Override
        Seat seat() {
            return Seat.FOLLOWER;
        }
    }
}
