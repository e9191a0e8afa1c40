package org.pintail.imap.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pintail.backend.Flags;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapDate;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.SequenceSet;

/// Reads search keys. Keys side by side and in parentheses all have to hold.
///
///     search-key = "ALL" / "ANSWERED" / "BCC" SP astring / … / "NOT" SP search-key / "OR" SP search-key SP search-key /
///                  sequence-set / "(" search-key *(SP search-key) ")"
public final class SearchParser {
    private static final LocalDate FIRST_DAY = LocalDate.of(-100_000, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(100_000, 1, 1);
    private static final long MAX_UID = 0xffff_ffffL;
    private final ImapReader in;
    private Charset charset = StandardCharsets.UTF_8;
    private boolean charsetKnown = true;
    private boolean usesModSeq;
    private boolean usesNumbers;
    private boolean fixed;
    private boolean usesFilters;
    private int depth;

    /// For one program, which is next in `in`.
    public SearchParser(ImapReader in) {
        this.in = in;
    }

    /// `[SP "CHARSET" SP astring] 1*(SP search-key)`
    public SearchProgram program() throws IOException {
        if (in.looksAt(" CHARSET ")) {
            in.sp();
            in.word();
            charset();
        }
        in.sp();
        return rest();
    }

    /// `SP charset 1*(SP search-key)`, as SORT and THREAD have it.
    public SearchProgram programInCharset() throws IOException {
        charset();
        in.sp();
        return rest();
    }

    private SearchProgram rest() throws IOException {
        var key = keys();
        in.end();
        return new SearchProgram(key, usesModSeq, usesNumbers, fixed, usesFilters, charsetKnown);
    }

    private void charset() throws IOException {
        in.sp();
        var name = in.text().toUpperCase(Locale.ROOT);
        charsetKnown = isKnown(name);
        charset = charsetKnown ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
    }

    private static boolean isKnown(String name) {
        boolean offered = name.equals("UTF-8") || name.equals("US-ASCII") || name.startsWith("ISO-8859-");
        return offered && name.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z')
                && Charset.isSupported(name);
    }

    private SearchKey keys() throws IOException {
        var keys = new ArrayList<SearchKey>();
        do {
            keys.add(key());
        } while (in.accept(' '));
        return keys.size() == 1 ? keys.getFirst() : new SearchKey.And(keys);
    }

    private SearchKey key() throws IOException {
        if (++depth > in.limits().nesting()) {
            throw new BadCommand("search keys nested too deeply");
        }
        try {
            int c = in.peek();
            if (in.accept('(')) {
                var group = keys();
                in.expect(')');
                return group;
            }
            if (c == '*' || c == '$' || c >= '0' && c <= '9') {
                usesNumbers |= c != '$';
                fixed = true;
                return new SearchKey.InSet(in.sequenceSet(), false);
            }
            return named(in.word());
        } finally {
            depth--;
        }
    }

    private SearchKey named(String word) throws IOException {
        return switch (word) {
            case "ALL" -> new SearchKey.All(true);
            case "RECENT" -> new SearchKey.Recent();
            case "OLD" -> new SearchKey.Not(new SearchKey.Recent());
            case "NEW" -> new SearchKey.And(List.of(new SearchKey.Recent(), new SearchKey.Not(system("SEEN"))));
            case "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN" -> system(word);
            case "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN" -> new SearchKey.Not(system(word.substring(2)));
            case "FILTER" -> filter();
            case "KEYWORD" -> keyword();
            case "UNKEYWORD" -> new SearchKey.Not(keyword());
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.InEnvelope(Envelope.Field.valueOf(word), string());
            case "HEADER" -> new SearchKey.Header(string().strip(), string());
            case "BODY" -> new SearchKey.Text(false, string());
            case "TEXT" -> new SearchKey.Text(true, string());
            case "BEFORE", "ON", "SINCE" -> dated(SearchKey.Clock.INTERNAL, word);
            case "SENTBEFORE", "SENTON", "SENTSINCE" -> sent(word.substring(4));
            case "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE" -> dated(SearchKey.Clock.SAVED, word.substring(5));
            case "SAVEDATESUPPORTED" -> new SearchKey.All(true); // RFC 8514 §4.3
            case "EMAILID" -> new SearchKey.ObjectIdIs(false, objectId());
            case "THREADID" -> new SearchKey.ObjectIdIs(true, objectId());
            case "OLDER", "YOUNGER" -> within(word.equals("OLDER"));
            case "LARGER", "SMALLER" -> new SearchKey.Size(word.equals("LARGER"), number());
            case "MODSEQ" -> modSeq();
            case "UID" -> {
                in.sp();
                var set = in.sequenceSet();
                fixed |= set.saved();
                yield new SearchKey.InSet(set, true);
            }
            case "UIDAFTER" -> uids(uid() + 1, MAX_UID);
            case "UIDBEFORE" -> uids(1, uid() - 1);
            case "NOT" -> {
                in.sp();
                yield new SearchKey.Not(key());
            }
            case "OR" -> {
                in.sp();
                var first = key();
                in.sp();
                yield new SearchKey.Or(first, key());
            }
            default -> throw new BadCommand("Unknown search term");
        };
    }

    private static SearchKey system(String name) {
        return new SearchKey.Flag(Flags.of("\\" + name));
    }

    /// `"FILTER" SP filter-name`, RFC 5466 §3.1: an atom without "/".
    private SearchKey filter() {
        in.sp();
        var name = in.atom();
        if (name.indexOf('/') >= 0) {
            throw new BadCommand("Invalid filter name");
        }
        usesFilters = true;
        return new SearchKey.Filter(name);
    }

    private SearchKey keyword() {
        in.sp();
        return new SearchKey.Flag(new Flags(0, List.of(in.atom())));
    }

    private String string() throws IOException {
        in.sp();
        var bytes = ByteBuffer.wrap(in.astring());
        try {
            var decoder = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
            return decoder.decode(bytes).toString().toLowerCase(Locale.ROOT);
        } catch (CharacterCodingException malformed) {
            throw new BadCommand("search text is not in the charset it should be in");
        }
    }

    /// `objectid = 1*255(ALPHA / DIGIT / "_" / "-")` (RFC 8474 §7); those made here are lower case.
    private String objectId() {
        in.sp();
        return in.atom();
    }

    private long number() {
        in.sp();
        return in.number();
    }

    /// `uniqueid = nz-number`
    private long uid() {
        long uid = number();
        if (uid == 0 || uid > MAX_UID) {
            throw new BadCommand("expected a uid");
        }
        return uid;
    }

    /// RFC 9738 §3.2; unlike a set that ends in "*" it may be of no message.
    private static SearchKey uids(long first, long last) {
        return first > last
                ? new SearchKey.All(false)
                : new SearchKey.InSet(new SequenceSet(List.of(new SequenceSet.Range(first, last))), true);
    }

    /// `date = date-text / DQUOTE date-text DQUOTE`; days are those of UTC.
    private SearchKey dated(SearchKey.Clock clock, String how) throws IOException {
        in.sp();
        var day = ImapDate.date(new String(in.astring(), StandardCharsets.ISO_8859_1));
        var start = start(day);
        var end = start(day.plusDays(1));
        return switch (how) {
            case "BEFORE" -> new SearchKey.Dated(clock, Instant.MIN, start);
            case "SINCE" -> new SearchKey.Dated(clock, start, Instant.MAX);
            default -> new SearchKey.Dated(clock, start, end);
        };
    }

    private SearchKey sent(String how) throws IOException {
        in.sp();
        var day = ImapDate.date(new String(in.astring(), StandardCharsets.ISO_8859_1));
        var from = how.equals("BEFORE") ? FIRST_DAY : day;
        var to = how.equals("BEFORE") ? day : how.equals("SINCE") ? LAST_DAY : day.plusDays(1);
        var days = new SearchKey.SentDay(from, to);
        return new SearchKey.And(List.of(days.nearby(), days));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private SearchKey within(boolean older) {
        long seconds = number();
        if (seconds == 0 || seconds > 0xffff_ffffL) {
            throw new BadCommand("Invalid interval");
        }
        fixed = true;
        return new SearchKey.Within(older, seconds);
    }

    /// `"MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer`; name and type are read and not used.
    private SearchKey modSeq() throws IOException {
        usesModSeq = true;
        in.sp();
        if (in.peek() == '"') {
            in.string();
            in.sp();
            in.atom();
            in.sp();
        }
        return new SearchKey.ModSeq(in.number());
    }
}
