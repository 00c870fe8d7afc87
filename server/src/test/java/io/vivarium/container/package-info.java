/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Our server in containers of the project's own {@code Dockerfile}: what happens to a machine, not to a process. Killed,
 * frozen, without a network, back at another address, without space on its disk.
 *
 * <p>{@code .ci/containers} starts a Docker daemon and makes the base image; without a daemon these tests say that they were
 * skipped. The test talks to the containers at their own addresses, so the daemon must be on this machine. Threads: test.
 * Spec: operations 7.3. Start reading at {@link io.vivarium.container.ContainerIT}.
 */
@NullMarked
package io.vivarium.container;

import org.jspecify.annotations.NullMarked;
