/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Bad clients and bad disks against a real server process: it must stay small, correct and calm, or stop with a clear
 * cause. Start reading at {@link io.vivarium.abuse.WireAbuseIT}.
 */
@NullMarked
package io.vivarium.abuse;

import org.jspecify.annotations.NullMarked;
