package org.pintail.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// GETMETADATA — RFC 5464 §4.2. The mailbox "" is the server.
///
///     getmetadata = "GETMETADATA" [SP options] SP mailbox SP (entry / "(" entry *(SP entry) ")")
///     options = "(" option *(SP option) ")"
///     option = "MAXSIZE" SP number / "DEPTH" SP ("0" / "1" / "infinity")
record GetMetadataCommand(Bytes name, String mailbox, List<String> entries, Options options)
        implements Command.InAuthenticated {
    private static final Options NONE = new Options(Long.MAX_VALUE, 0);

    /// `depth` counts levels below an entry.
    record Options(long maxSize, int depth) {}

    GetMetadataCommand {
        entries = List.copyOf(entries);
    }

    static GetMetadataCommand parse(ImapReader in) throws IOException {
        in.sp();
        var options = NONE;
        if (in.peek() == '(') {
            options = options(in);
            in.sp();
        }
        var name = Bytes.wrap(in.astring());
        in.sp();
        if (in.looksAt("(MAXSIZE ") || in.looksAt("(DEPTH ")) {
            options = options(in); // QUIRK: the examples of RFC 5464 have the options behind the mailbox
            in.sp();
        }
        var entries = in.peek() == '(' ? in.list(() -> MetadataEntry.read(in)) : List.of(MetadataEntry.read(in));
        if (entries.isEmpty()) {
            throw new BadCommand("GETMETADATA needs at least one entry");
        }
        in.end();
        return new GetMetadataCommand(name, in.mailboxName(name.unsafeArray()), entries, options);
    }

    private static Options options(ImapReader in) throws IOException {
        long[] size = {Long.MAX_VALUE};
        int[] depth = {0};
        in.list(() -> {
            var word = in.word();
            in.sp();
            switch (word) {
                case "MAXSIZE" -> size[0] = in.number();
                case "DEPTH" -> depth[0] = depth(in.word());
                default -> throw new BadCommand("expected MAXSIZE or DEPTH");
            }
            return word;
        });
        return new Options(size[0], depth[0]);
    }

    private static int depth(String word) {
        return switch (word) {
            case "0" -> 0;
            case "1" -> 1;
            case "INFINITY" -> Integer.MAX_VALUE;
            default -> throw new BadCommand("expected 0, 1 or infinity");
        };
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var all = Metadata.of(session, mailbox).entries();
        var found = new LinkedHashMap<String, @Nullable Bytes>();
        for (var entry : entries) {
            if (options.depth == 0) {
                found.put(entry, all.get(entry));
            } else {
                all.forEach((key, value) -> {
                    if (below(entry, key)) {
                        found.put(key, value);
                    }
                });
            }
        }
        long longest = withoutLong(found);
        if (!found.isEmpty()) {
            out.ascii("* METADATA ").astring(name.unsafeArray()).sp();
            MetadataAnswer.write(found, out);
        }
        return longest == 0 ? Reply.COMPLETED : Reply.coded("METADATA LONGENTRIES " + longest);
    }

    private boolean below(String entry, String key) {
        if (key.equals(entry)) {
            return true;
        }
        return key.startsWith(entry + "/")
                && (options.depth > 1 || key.indexOf('/', entry.length() + 1) < 0);
    }

    /// Takes values out that are longer than MAXSIZE; the length of the longest of them.
    private long withoutLong(Map<String, @Nullable Bytes> found) {
        long longest = 0;
        for (var i = found.values().iterator(); i.hasNext(); ) {
            var value = i.next();
            if (value != null && value.size() > options.maxSize) {
                longest = Math.max(longest, value.size());
                i.remove();
            }
        }
        return longest;
    }
}
