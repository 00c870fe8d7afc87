/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.mail;

import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.net.LinkListener;
import java.util.function.Consumer;

/** What the links between leader and learners say (spec quorum 1). Thread: peer-io; posts and returns. */
public class LinkMail implements LinkListener {
    private final Consumer<QuorumEvent> mailbox;

    public LinkMail(Consumer<QuorumEvent> mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public void arrived(long link) {
        mailbox.accept(new QuorumEvent.LearnerArrived(link));
    }

    @Override
    public void opened(long link) {
        mailbox.accept(new QuorumEvent.LinkOpened(link));
    }

    @Override
    public void closed(long link, String reason) {
        mailbox.accept(new QuorumEvent.LinkClosed(link, reason));
    }

    @Override
    public void received(long link, QuorumPacket packet) {
        mailbox.accept(new QuorumEvent.PacketReceived(link, packet));
    }

    @Override
    public void imageReceived(long link) {
        mailbox.accept(new QuorumEvent.ImageReceived(link));
    }

    /** Everything is posted by now. */
    @Override
    public void turnEnded() {}

    @Override
    public void portFailed(String reason) {
        mailbox.accept(new QuorumEvent.PortFailed(reason));
    }
}
