/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an access control list.
 *
 * <p>Wire: {@code int perms, Id id}. Permissions are kept as sent; no bit is refused (spec client-protocol 7.1).
 */
public record Acl(int perms, Id id) implements JuteRecord {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CREATE = 4;
    public static final int DELETE = 8;
    public static final int ADMIN = 16;
    public static final int ALL = 31;

    /** {@code world:anyone} with every permission. */
    public static final List<Acl> OPEN = List.of(new Acl(ALL, Id.ANYONE));

    /** {@code world:anyone} may read, nobody may write: the list of {@code /zookeeper/config}. */
    public static final List<Acl> READ_ONLY = List.of(new Acl(READ, Id.ANYONE));

    private static final byte[] OPEN_ON_THE_WIRE = wireForm(OPEN);

    private static byte[] wireForm(List<Acl> acl) {
        JuteWriter out = new JuteWriter(64);
        out.writeRecords(acl);
        return Arrays.copyOf(out.array(), out.size());
    }

    /** A list, or null where null was sent; {@link #OPEN}, which nearly every znode has, makes no objects. */
    public static @Nullable List<Acl> readList(JuteReader in) {
        return in.skip(OPEN_ON_THE_WIRE) ? OPEN : in.readVector(Acl::read);
    }

    public static Acl read(JuteReader in) {
        return new Acl(in.readInt(), Id.read(in));
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(perms);
        id.write(out);
    }
}
