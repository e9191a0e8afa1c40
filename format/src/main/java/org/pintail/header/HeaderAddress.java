package org.pintail.header;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of an address list (RFC 5322 §3.4): one mailbox or a group. Names are as they stand (encoded words kept). A comment is the
/// name where there is no other, as early mailers wrote it.
public sealed interface HeaderAddress {
    /// `name` may be null; `localPart` unquoted; `domain` "" when missing; `route` as `@a,@b`, null when there is none (RFC 5322 §4.4).
    record Mailbox(@Nullable String name, String localPart, String domain, @Nullable String route) implements HeaderAddress {
        public Mailbox(@Nullable String name, String localPart, String domain) {
            this(name, localPart, domain, null);
        }

        public String address() {
            return domain.isEmpty() ? localPart : localPart + "@" + domain;
        }

        /// The name with encoded words decoded, "" when there is none.
        public String decodedName() {
            return name == null ? "" : EncodedWord.decode(name);
        }
    }

    /// `name: a, b;`
    record Group(String name, List<Mailbox> members) implements HeaderAddress {
        public Group {
            members = List.copyOf(members);
        }
    }

    /// Reads a list; never fails, skips what is no address.
    static List<HeaderAddress> parseList(String value) {
        return new AddressReader(value).read();
    }

    /// All mailboxes of a list, those in groups as well.
    static List<Mailbox> mailboxes(String value) {
        var all = new ArrayList<Mailbox>();
        for (var entry : parseList(value)) {
            switch (entry) {
                case Mailbox m -> all.add(m);
                case Group g -> all.addAll(g.members());
            }
        }
        return all;
    }
}
