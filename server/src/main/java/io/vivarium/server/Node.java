/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.server.config.QuorumConfig;
import io.vivarium.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One server: every object is made and connected by it, and nowhere else. A server on its own is a {@link StandaloneServer}, a
 * member of an ensemble a {@link MemberServer}; what they have in common is the {@link Foundation}.
 *
 * <p>Thread: {@link #start} and {@link #close} belong to the one who made it. Start is: directories and files to a tree in
 * memory, then the loops, the client port last. Close is the same backwards; sessions live on for the next start. Spec:
 * persistence 6.1, operations 6.2.
 */
public interface Node {
    /** The server that this configuration describes. */
    static Node of(ServerConfig config, World world) {
        QuorumConfig quorum = config.quorum();
        return quorum == null ? new StandaloneServer(config, world) : new MemberServer(config, quorum, world);
    }

    /**
     * Loads what is on disk and starts to serve, or to look for a leader.
     *
     * @throws IOException if the files must not be used as they are, or a port cannot be bound
     */
    void start() throws IOException;

    /** Where clients are listened for. */
    InetSocketAddress clientAddress();

    /** Stops serving; whatever was answered is on disk. */
    void close();
}
