/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/** Everything goes to the core of this server, in the order of its coming. Thread: any. */
public final class CoreRoute implements RequestRoute {
    private final CoreLoop core;

    public CoreRoute(CoreLoop core) {
        this.core = core;
    }

    @Override
    public void openSession(SessionRequest request) {
        core.post(request);
    }

    @Override
    public void submit(WriteRequest request) {
        core.leave(request);
    }

    @Override
    public void awaken() {
        core.awaken();
    }

    @Override
    public void standIn() {
        core.standIn();
    }

    @Override
    public void ended(ClientLink link) {
        core.post(new CoreMessage.Disconnected(link));
    }
}
