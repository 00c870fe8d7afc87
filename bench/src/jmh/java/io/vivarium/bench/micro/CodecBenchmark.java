/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.micro;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The jute codec on the requests and replies that make up most traffic. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    private static final String PATH = "/services/orders/instances/0000000042";

    private final byte[] data = new byte[100];
    private final Stat stat = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 100, 0, 9);
    private final ByteBuffer read = request(OpCode.GET_DATA, new ClientRequest.Read(PATH, true));
    private final ByteBuffer create =
            request(OpCode.CREATE, new ClientRequest.Create(PATH, data, Acl.OPEN, 0));
    private final JuteReader reader = new JuteReader(read, JuteReader.DEFAULT_MAX_BUFFER);
    private final JuteWriter writer = new JuteWriter(4096);

    @Benchmark
    public @Nullable ClientRequest decodeGetData() {
        return decode(read);
    }

    @Benchmark
    public @Nullable ClientRequest decodeCreate() {
        return decode(create);
    }

    @Benchmark
    public int encodeGetDataReply() {
        writer.clear();
        int mark = writer.beginFrame();
        ReplyHeader.write(writer, 1, 2, 0);
        writer.writeBuffer(data);
        stat.write(writer);
        writer.endFrame(mark);
        return writer.size();
    }

    private @Nullable ClientRequest decode(ByteBuffer frame) {
        reader.reset(frame.rewind());
        int xid = reader.readInt();
        int type = reader.readInt();
        return xid == 0 ? null : ClientRequest.read(type, reader);
    }

    private static ByteBuffer request(int type, ClientRequest body) {
        JuteWriter out = new JuteWriter(256);
        new RequestHeader(1, type).write(out);
        body.write(out);
        return ByteBuffer.wrap(out.toByteArray());
    }
}
