/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Native epoll where it loads, NIO elsewhere. Thread: any. */
public enum Transport {
    /** Linux with the native library: fewer and cheaper system calls, timers finer than a millisecond. */
    EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class),
    /** Everywhere. */
    NIO(NioSocketChannel.class, NioServerSocketChannel.class);

    private final Class<? extends Channel> channelType;
    private final Class<? extends ServerChannel> serverChannelType;

    Transport(Class<? extends Channel> channelType, Class<? extends ServerChannel> serverChannelType) {
        this.channelType = channelType;
        this.serverChannelType = serverChannelType;
    }

    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public Class<? extends Channel> channelType() {
        return channelType;
    }

    public Class<? extends ServerChannel> serverChannelType() {
        return serverChannelType;
    }

    /** Daemon threads, so that a forgotten group cannot keep the program alive. */
    public MultiThreadIoEventLoopGroup newGroup(String name, int threads) {
        IoHandlerFactory factory = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }
}
