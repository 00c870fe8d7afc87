/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.jute.JuteReader;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    /** What a server would read from a frame. */
    private record Read(RequestHeader header, ClientRequest body) {}

    private final Requests requests = new Requests(100);

    @Test
    void a_template_written_over_reads_as_the_request_of_that_node() {
        RequestSource source = requests.createNodes(1_234_567).forSession(0, 1);
        ByteBuf out = Unpooled.buffer();
        for (int node = 0; node < 2_500; node++) {
            assertThat(source.writeNext(out.clear(), 77 + node)).isEqualTo(RequestSource.WRITE);

            Read read = read(out);
            assertThat(read.header()).isEqualTo(new RequestHeader(77 + node, OpCode.CREATE));
            ClientRequest.Create create = (ClientRequest.Create) read.body();
            assertThat(create.path()).isEqualTo(NodeNames.node(node));
            assertThat(create.data()).hasSize(100);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50, 80, 99, 100})
    void a_mix_keeps_its_proportion_and_stays_in_its_tree(int readPercent) {
        RandomMix mix = requests.mix(readPercent, 50, new SplittableRandom(7));
        ByteBuf out = Unpooled.buffer();
        Set<String> paths = new HashSet<>();
        int reads = 0;
        for (int i = 0; i < 20_000; i++) {
            int kind = mix.writeNext(out.clear(), i);
            Read read = read(out);
            if (kind == RequestSource.READ) {
                reads++;
                assertThat(read.header().type()).isEqualTo(OpCode.GET_DATA);
                paths.add(((ClientRequest.Read) read.body()).path());
            } else {
                assertThat(read.header().type()).isEqualTo(OpCode.SET_DATA);
                paths.add(((ClientRequest.SetData) read.body()).path());
            }
        }

        assertThat(reads / 200.0).isCloseTo(readPercent, within(readPercent % 100 == 0 ? 0.0 : 1.5));
        assertThat(paths).hasSize(50).contains("/bench/0000/0000", "/bench/0000/0049");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 8", "7, 8", "8, 8", "9, 8", "1000, 7"})
    void sessions_share_a_sweep_without_gap_or_overlap(int total, int sessions) {
        Set<String> paths = new HashSet<>();
        int sent = 0;
        ByteBuf out = Unpooled.buffer();
        for (int session = 0; session < sessions; session++) {
            RequestSource source = requests.createNodes(total).forSession(session, sessions);
            while (source.writeNext(out.clear(), 1) != RequestSource.EXHAUSTED) {
                paths.add(((ClientRequest.Create) read(out).body()).path());
                sent++;
            }
            assertThat(out.isReadable())
                    .as("an exhausted source writes nothing")
                    .isFalse();
        }

        assertThat(sent).isEqualTo(total);
        assertThat(paths).hasSize(total);
    }

    @Test
    void watches_of_all_sessions_cover_all_nodes_evenly() {
        int[] watchers = new int[100];
        ByteBuf out = Unpooled.buffer();
        for (int session = 0; session < 20; session++) {
            RequestSource source = requests.watchNodes(50, 100).forSession(session, 20);
            while (source.writeNext(out.clear(), 1) != RequestSource.EXHAUSTED) {
                ClientRequest.Read read = (ClientRequest.Read) read(out).body();
                assertThat(read.watch()).isTrue();
                String path = Objects.requireNonNull(read.path());
                watchers[Integer.parseInt(path.substring(path.length() - 4))]++;
            }
        }

        assertThat(watchers).containsOnly(10);
    }

    @Test
    void what_makes_no_sense_is_refused_with_value_and_limits() {
        assertThatThrownBy(() -> new Requests(-1)).hasMessage("data size -1 bytes is below 0");
        assertThatThrownBy(() -> requests.mix(101, 1, new SplittableRandom(1)))
                .hasMessage("read percentage 101 is not within 0..100");
        assertThatThrownBy(() -> requests.mix(1, 0, new SplittableRandom(1)))
                .hasMessage("nodes 0 is not within 1..10000000");
        assertThatThrownBy(() -> Workload.of("R9")).hasMessageContaining("no workload 'R9'");
        assertThatThrownBy(() -> new LoadSpec(0, 1, 0, 0, 1, 1, 0, 1, 1))
                .hasMessage("sessions 0 is not within 1..1000000");
    }

    private static Read read(ByteBuf out) {
        assertThat(out.getInt(0)).isEqualTo(out.readableBytes() - 4);
        JuteReader in = new JuteReader(out.nioBuffer(4, out.readableBytes() - 4), JuteReader.DEFAULT_MAX_BUFFER);
        RequestHeader header = RequestHeader.read(in);
        ClientRequest body = Objects.requireNonNull(ClientRequest.read(header.type(), in));
        assertThat(in.remaining()).isZero();
        return new Read(header, body);
    }
}
