package org.pintail.imap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.PartialRange;

/// What narrows a FETCH: CHANGEDSINCE and VANISHED — RFC 7162 §3.1.4.1, §3.2.6; PARTIAL — RFC 9394 §3.3.
///
///     fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"
///     fetch-modifier  = "CHANGEDSINCE" SP mod-sequence / "VANISHED" / "PARTIAL" SP partial-range
///
/// @param changedSince negative when it was not given
record FetchModifiers(long changedSince, boolean vanished, @Nullable PartialRange partial) {
    static final FetchModifiers NONE = new FetchModifiers(-1, false, null);

    /// Called at the space in front of them, or at the end.
    static FetchModifiers parse(ImapReader in, boolean byUid) throws IOException {
        if (!in.accept(' ')) {
            return NONE;
        }
        var read = new Object() {
            private FetchModifiers so = NONE;
        };
        in.list(() -> {
            read.so = read.so.with(in);
            return true;
        });
        if (read.so.equals(NONE)) {
            throw new BadCommand("expected a fetch modifier");
        }
        if (!byUid && (read.so.vanished || read.so.partial != null)) {
            throw new BadCommand("VANISHED and PARTIAL go with UID FETCH only");
        }
        if (read.so.vanished && read.so.changedSince < 0) {
            throw new BadCommand("VANISHED goes with CHANGEDSINCE only");
        }
        return read.so;
    }

    private FetchModifiers with(ImapReader in) {
        return switch (in.word()) {
            case "CHANGEDSINCE" -> {
                in.sp();
                yield new FetchModifiers(in.number(), vanished, partial);
            }
            case "VANISHED" -> new FetchModifiers(changedSince, true, partial);
            case "PARTIAL" -> {
                in.sp();
                yield new FetchModifiers(changedSince, vanished, PartialRange.parse(in));
            }
            default -> throw new BadCommand("Unknown fetch modifier, expected CHANGEDSINCE, VANISHED or PARTIAL");
        };
    }
}
