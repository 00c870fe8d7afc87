/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * From the text of a configuration file to one immutable {@link io.vivarium.server.config.ServerConfig}.
 *
 * <p>Here live the table of keys ({@link io.vivarium.server.config.ConfigKeys}), the loader and one record for each part of
 * the server that can be tuned. The loader sees files only through {@link io.vivarium.server.config.ConfigFiles} and system
 * properties only as a copy; nobody reads a key after start-up. Thread: any, at start. Spec: operations 1. Start reading at
 * {@link io.vivarium.server.config.ConfigLoader}.
 */
@NullMarked
package io.vivarium.server.config;

import org.jspecify.annotations.NullMarked;
