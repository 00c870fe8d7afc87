/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.vivarium.protocol.ensemble.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final HostPort CONFIGURED = new HostPort("zoo2", 3888);
    private static final HostPort SECOND = new HostPort("zoo2b", 3888);
    private static final HostPort ADVERTISED = new HostPort("10.9.9.9", 3888);

    private final EventLoop loop = new DefaultEventLoop();
    private CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    private final AddressBook book = new AddressBook(loop, host -> answer, 300);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void theConfiguredAddressComesBeforeOneThatOnlyTheCallerNames() {
        book.configure(Map.of(2L, List.of(CONFIGURED)));
        assertThat(book.candidates(2, List.of(ADVERTISED), 0)).containsExactly(CONFIGURED, ADVERTISED);
    }

    @Test
    void anAddressThatBelongsToTheCallerComesFirst() {
        book.configure(Map.of(2L, List.of(CONFIGURED, SECOND)));
        assertThat(book.candidates(2, List.of(SECOND), 0)).containsExactly(SECOND, CONFIGURED);
    }

    @Test
    void aStrangerIsCalledBackWhereItSays() {
        assertThat(book.candidates(7, List.of(ADVERTISED), 0)).containsExactly(ADVERTISED);
    }

    @Test
    void wildcardsAreNoAddress() {
        assertThat(book.candidates(7, List.of(new HostPort("0.0.0.0", 1), new HostPort("::", 1)), 0))
                .isEmpty();
    }

    @Test
    void eachDialBeginsWithAnotherOfSeveralAddresses() {
        book.configure(Map.of(2L, List.of(CONFIGURED, SECOND)));
        assertThat(book.candidates(2, List.of(), 0)).containsExactly(CONFIGURED, SECOND);
        assertThat(book.candidates(2, List.of(), 1)).containsExactly(SECOND, CONFIGURED);
    }

    @Test
    void aNameServerThatHangsCostsAShortWaitWhenAnAnswerIsKnownAndAFailureWhenNot() throws Exception {
        book.configure(Map.of(2L, List.of(CONFIGURED)));
        assertThat(resolve()).isEqualTo("no answer for zoo2 within 300 ms");

        InetAddress first = loopback(1);
        answer.complete(List.of(first));
        assertThat(resolve()).isEqualTo("127.0.0.1:3888");

        answer = new CompletableFuture<>();
        assertThat(resolve()).isEqualTo("127.0.0.1:3888");
    }

    @Test
    void aNameIsLookedUpAgainForEveryDial() throws Exception {
        book.configure(Map.of(2L, List.of(CONFIGURED)));
        answer.complete(List.of(loopback(1)));
        assertThat(resolve()).isEqualTo("127.0.0.1:3888");
        answer = CompletableFuture.completedFuture(List.of(loopback(2)));
        assertThat(resolve()).isEqualTo("127.0.0.2:3888");
    }

    private String resolve() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        loop.execute(() -> book.resolve(
                CONFIGURED, 0, found -> result.complete(print(found)), failed -> result.complete(failed.getMessage())));
        return result.get(10, TimeUnit.SECONDS);
    }

    private static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static String print(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
