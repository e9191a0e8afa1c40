package org.pintail.imap;

import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.imap.wire.BadCommand;

/// `flag-list` of STORE and APPEND: the five system flags of RFC 3501 §2.3.2 and keywords of bounded length.
final class FlagNames {
    private static final int KEYWORD = 255;

    private FlagNames() {}

    static Flags check(List<String> names, String command) {
        for (var name : names) {
            if (name.startsWith("\\") && Flags.systemBit(name).isEmpty()) {
                throw new BadCommand("Invalid system flag argument for " + command);
            }
            if (name.length() > KEYWORD) {
                throw new BadCommand("Too long keyword argument for " + command);
            }
        }
        return Flags.of(names);
    }
}
