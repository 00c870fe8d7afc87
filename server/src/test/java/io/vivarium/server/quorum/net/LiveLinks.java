/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vivarium.election.net.LinkSecurity;
import io.vivarium.election.net.NameLookup;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.transport.Transport;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Links with sockets and a thread of their own, and everything they said. Consumes what it receives at once. */
final class LiveLinks implements LinkListener, AutoCloseable {
    static final NameLookup LOOPBACK =
            host -> CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress()));
    private static final long MEBIBYTE = 1 << 20;

    final List<String> events = new CopyOnWriteArrayList<>();
    final QuorumLinks links;
    private final int port;
    private final MultiThreadIoEventLoopGroup group;

    LiveLinks(int port, int stallMillis) {
        this(port, stallMillis, LOOPBACK);
    }

    LiveLinks(int port, int stallMillis, NameLookup lookup) {
        this.port = port;
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("peer-io"), Transport.best().ioHandlers());
        this.links = new QuorumLinks(
                new LinkConfig(
                        List.of(new HostPort("localhost", port)),
                        LinkConfig.Sockets.DEFAULT,
                        new LinkConfig.Limits(Streams.LIMIT, 4 * MEBIBYTE, 16 * MEBIBYTE, MEBIBYTE, stallMillis, 2000),
                        new LinkConfig.Dialling(5, 20, 2000, 3000)),
                (EventLoop) group.next(),
                System::nanoTime,
                lookup,
                LinkSecurity.PLAIN,
                this);
    }

    /** This server as a member that others dial. */
    Member asMember() {
        return memberAt("localhost:" + port + ":1");
    }

    static Member memberAt(String addresses) {
        return Member.parse(1, addresses + ":participant");
    }

    @Override
    public void arrived(long link) {
        events.add("arrived " + link);
    }

    @Override
    public void opened(long link) {
        events.add("opened " + link);
    }

    @Override
    public void closed(long link, String reason) {
        events.add("closed " + link + ": " + reason);
    }

    @Override
    public void turnEnded() {}

    @Override
    public void received(long link, QuorumPacket packet) {
        events.add(link + " " + packet);
        links.consumed(link, packet);
        if (packet.type() == PacketType.SNAP) {
            links.receiveImage(link, new Streams.KeptImage());
        }
    }

    @Override
    public void imageReceived(long link) {
        events.add(link + " image");
    }

    @Override
    public void portFailed(String reason) {
        events.add("port failed: " + reason);
    }

    @Override
    public void close() {
        links.closeAll().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
