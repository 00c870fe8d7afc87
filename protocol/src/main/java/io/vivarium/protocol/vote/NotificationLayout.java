/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

/**
 * The generations of a notification's frame body (spec election 2.1). We send {@link #CONFIG} and understand all.
 *
 * <pre>
 * offset  type  field                 EPOCHLESS  VERSIONED  CONFIG
 *      0  int   state of the sender       x          x         x
 *      4  long  leader voted for          x          x         x
 *     12  long  zxid of the vote          x          x         x
 *     20  long  round                     x          x         x
 *     28  long  peerEpoch of the vote                x         x
 *     36  int   format version                       1         2
 *     40  int   c, length of config                            x
 *     44  c     config, UTF-8                                  x
 * </pre>
 */
public enum NotificationLayout {
    /** 28 bytes, from before votes had an epoch of their own. */
    EPOCHLESS,
    /** 40 bytes, servers 3.4.6 to 3.4.14. */
    VERSIONED,
    /** 44 bytes and the configuration, servers from 3.5 on. */
    CONFIG;

    /** Bytes of the body without the configuration text. */
    public int fixedBytes() {
        return switch (this) {
            case EPOCHLESS -> 28;
            case VERSIONED -> 40;
            case CONFIG -> 44;
        };
    }
}
