package org.pintail.imap;

import java.util.Optional;

/// The name of a mailbox of another account: `Users/bob/INBOX` (RFC 2342 §5, the namespace of other users). A mailbox of one's own that has
/// such a name comes first; none can be made over IMAP.
record SharedName(String user, String path) {
    static final String ROOT = "Users";
    static final String PREFIX = ROOT + "/";

    /// Empty for the name of a mailbox of one's own, and for `Users/bob`, which is no mailbox.
    static Optional<SharedName> parse(String name) {
        int slash = name.startsWith(PREFIX) ? name.indexOf('/', PREFIX.length()) : -1;
        return slash < 0
                ? Optional.empty()
                : Optional.of(new SharedName(name.substring(PREFIX.length(), slash), name.substring(slash + 1)));
    }

    static boolean reserved(String name) {
        return name.equals(ROOT) || name.startsWith(PREFIX);
    }

    @Override
    public String toString() {
        return PREFIX + user + "/" + path;
    }
}
