/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the membership lines and {@code myid} mean together (spec operations 1.8).
 *
 * @param ensemble null for a standalone server
 * @param sid the number in {@code myid}; null without that file
 * @param ownClientAddress the client part of the own server line
 * @param dynamicFile where the lines were read, if not in the main file
 */
record Membership(
        @Nullable Ensemble ensemble,
        @Nullable Long sid,
        @Nullable HostPort ownClientAddress,
        @Nullable Path dynamicFile) {}
