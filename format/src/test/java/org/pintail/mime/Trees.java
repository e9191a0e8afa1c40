package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/// What holds for every message, whatever its bytes.
final class Trees {
    private Trees() {}

    /// The structure is one that IMAP can show and parts can be cut by, and the message comes back from the store as it was.
    static void check(String what, byte[] bytes) throws IOException {
        var source = Source.of(bytes);
        var parsed = MimeParser.parse(source);
        assertThat(parsed.size()).as(what).isEqualTo(bytes.length);
        var root = parsed.root();
        inside(what, root, 0, bytes.length);
        found(what, root, root);
        assertBalanced(what, ImapStructure.envelope(root, false));
        assertBalanced(what, ImapStructure.body(root));
        assertBalanced(what, ImapStructure.bodyStructure(root));
        var kept = PartMap.decode(PartMap.encode(root));
        inside(what, kept, 0, bytes.length);
        found(what, kept, kept);
        MessageText.of(source, root);
        assertThat(rebuilt(source, root).readAll()).as(what).isEqualTo(bytes);
    }

    static Source rebuilt(Source source, MimePart root) throws IOException {
        return Cut.of(source, root).whole();
    }

    /// Parts lie in their parents, in order, and do not overlap.
    private static void inside(String what, MimePart part, long from, long to) {
        assertThat(part.headerStart()).as(what).isBetween(from, to);
        assertThat(part.bodyStart()).as(what).isBetween(part.headerStart(), to);
        assertThat(part.bodyEnd()).as(what).isBetween(part.bodyStart(), to);
        assertThat(part.lines()).as(what).isNotNegative();
        long after = part.bodyStart();
        for (var child : part.children()) {
            inside(what, child, after, part.bodyEnd());
            after = child.bodyEnd();
        }
        if (part.message() != null) {
            inside(what, part.message(), part.bodyStart(), part.bodyEnd());
        }
    }

    /// Every part is found under its number.
    private static void found(String what, MimePart root, MimePart part) {
        for (var child : part.children()) {
            assertThat(root.find(child.number())).as("%s: %s", what, child.number()).containsSame(child);
            found(what, root, child);
        }
        if (part.message() != null) {
            found(what, root, part.message());
        }
    }

    /// ASCII that can be seen, quotes and parentheses in pairs.
    static void assertBalanced(String what, byte[] rendered) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < rendered.length; i++) {
            byte b = rendered[i];
            if (b < 0x20 || b > 0x7e) {
                throw new AssertionError(what + ": byte " + b + " in a structure");
            }
            if (quoted && b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += b == '(' ? 1 : b == ')' ? -1 : 0;
            }
        }
        assertThat(depth).as(what).isZero();
        assertThat(quoted).as(what).isFalse();
    }
}
