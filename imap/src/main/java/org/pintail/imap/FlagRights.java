package org.pintail.imap;

import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.imap.wire.No;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;

/// Which flags a session may change, RFC 4314 §2.1: `s` for \Seen, `t` for \Deleted, `w` for all others.
final class FlagRights {
    private FlagRights() {}

    /// RFC 4314 §4: STORE works on those flags it may change, and is refused where that is none.
    static void requireAny(Flags flags, Rights rights, boolean replace) {
        boolean some = rights.has(Right.SEEN) || rights.has(Right.WRITE) || rights.has(Right.DELETE_MESSAGES);
        if (!some || !replace && !flags.equals(Flags.NONE) && allowed(flags, rights).equals(Flags.NONE)) {
            throw new No("NOPERM", "Permission denied");
        }
    }

    /// RFC 4314 §5.1.1: of these names, in this order, those that may be changed.
    static String permanent(String names, Rights rights) {
        var kept = new ArrayList<String>();
        for (var name : names.split(" ", -1)) {
            var needed =
                    switch (name) {
                        case "\\Seen" -> Right.SEEN;
                        case "\\Deleted" -> Right.DELETE_MESSAGES;
                        default -> Right.WRITE;
                    };
            if (rights.has(needed)) {
                kept.add(name);
            }
        }
        return String.join(" ", kept);
    }

    static Flags allowed(Flags flags, Rights rights) {
        if (rights.equals(Rights.ALL)) {
            return flags;
        }
        int system = flags.system();
        if (!rights.has(Right.SEEN)) {
            system &= ~Flags.SEEN;
        }
        if (!rights.has(Right.DELETE_MESSAGES)) {
            system &= ~Flags.DELETED;
        }
        if (!rights.has(Right.WRITE)) {
            system &= Flags.SEEN | Flags.DELETED;
        }
        return new Flags(system, rights.has(Right.WRITE) ? flags.keywords() : List.of());
    }
}
