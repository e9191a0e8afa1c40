package org.pintail.imap;

import java.io.IOException;
import java.util.Locale;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;

/// The name of an annotation, RFC 5464 §3.2: `/private/…` or `/shared/…`, ASCII, compared in lower case.
final class MetadataEntry {
    private static final int LONGEST = 255;

    private MetadataEntry() {}

    static String read(ImapReader in) throws IOException {
        var name = in.text();
        boolean ascii = name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '*' && c != '%');
        if (!ascii || name.length() > LONGEST || !name.startsWith("/") || name.endsWith("/") || name.contains("//")) {
            throw new BadCommand("Invalid entry name");
        }
        var lower = name.toLowerCase(Locale.ROOT);
        if (!isOf(lower, "/private") && !isOf(lower, "/shared")) {
            throw new BadCommand("Entry names begin with /private or /shared");
        }
        return lower;
    }

    static boolean isPrivate(String name) {
        return isOf(name, "/private");
    }

    private static boolean isOf(String name, String root) {
        return name.equals(root) || name.startsWith(root + "/");
    }
}
