package org.pintail.imap;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.No;
import org.pintail.mail.Annotations;
import org.pintail.mail.Right;

/// The annotations of a mailbox, or without one of the server, as a session sees them (RFC 5464). `/private/specialuse` is the special use
/// of the mailbox (RFC 6154 §4).
record Metadata(Authenticated session, @Nullable Access access) {
    private static final String SPECIAL_USE = "/private/specialuse";

    /// RFC 5464 §5: whoever may look a mailbox up and do something with it.
    static Metadata of(Authenticated session, String mailbox) {
        return mailbox.isEmpty() ? new Metadata(session, null) : of(session, session.permitted(mailbox, Right.LOOKUP));
    }

    static Metadata of(Authenticated session, Access access) {
        boolean any = access.may(Right.READ)
                || access.may(Right.SEEN)
                || access.may(Right.WRITE)
                || access.may(Right.INSERT)
                || access.may(Right.POST);
        if (!any) {
            throw new No("NOPERM", "Permission denied");
        }
        return new Metadata(session, access);
    }

    /// What a session may see of a mailbox, which may be nothing.
    static Map<String, Bytes> visible(Authenticated session, Access access) {
        try {
            return of(session, access).entries();
        } catch (No denied) {
            return Map.of();
        }
    }

    /// All there are, by name.
    TreeMap<String, Bytes> entries() {
        var all = new TreeMap<String, Bytes>(session.mail().annotations().read(place(true)));
        if (access != null) {
            all.putAll(session.mail().annotations().read(place(false)));
            var use = access.mailbox().specialUse();
            if (use != null) {
                all.put(SPECIAL_USE, Bytes.wrap(use.getBytes(StandardCharsets.US_ASCII)));
            }
        }
        return all;
    }

    /// Sets all or none of them; a null value removes.
    void change(Map<String, @Nullable Bytes> values) {
        var own = new TreeMap<String, @Nullable Bytes>();
        var shared = new TreeMap<String, @Nullable Bytes>();
        values.forEach((name, value) -> (MetadataEntry.isPrivate(name) ? own : shared).put(name, value));
        if (own.containsKey(SPECIAL_USE)) {
            throw new No("USEATTR", "A special use is given when the mailbox is created");
        }
        if (!shared.isEmpty() && (access == null || !access.may(Right.WRITE))) {
            throw new No("NOPERM", "Permission denied");
        }
        var annotations = session.mail().annotations();
        if (!own.isEmpty()) {
            annotations.check(place(true), own);
        }
        if (!shared.isEmpty()) {
            annotations.change(place(false), shared);
        }
        if (!own.isEmpty()) {
            annotations.change(place(true), own);
        }
    }

    private Annotations.Place place(boolean ofReader) {
        if (access == null) {
            return Annotations.Place.serverOf(session.id());
        }
        var mailbox = access.mailbox();
        return ofReader
                ? Annotations.Place.privateOf(mailbox.id(), session.id())
                : Annotations.Place.sharedOf(mailbox.id(), mailbox.account());
    }
}
