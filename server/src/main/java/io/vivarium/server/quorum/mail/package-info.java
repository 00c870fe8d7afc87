/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What links and disk say to a member, as events for the mailbox of its core. The server and the simulation post the same.
 *
 * <p>Threads: that of whoever speaks; nothing here keeps state.
 */
@NullMarked
package io.vivarium.server.quorum.mail;

import org.jspecify.annotations.NullMarked;
