/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.jute;

/** A value with a jute form. By convention each implementation also has a static {@code read(JuteReader)}. */
public interface JuteRecord {
    /** Appends the fields in wire order; no framing, no type tag. */
    void write(JuteWriter out);

    /** The jute form as a new array. For tests and cold paths. */
    default byte[] toBytes() {
        JuteWriter out = new JuteWriter(128);
        write(out);
        return out.toByteArray();
    }
}
