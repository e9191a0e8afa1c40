package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Bytes;
import org.pintail.imap.envelope.BaseSubject;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.order.SortKey;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapDate;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.ModifiedUtf7;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.PartialRange;
import org.pintail.imap.wire.SequenceSet;

/// Mailbox names, sequence sets, dates, search programs, sort criteria, envelopes and subjects out of any bytes.
class WordsFuzzTest {
    private static final long LARGEST = 1000;

    @TempDir
    static Path spool = Path.of(".");

    @FuzzTest
    void anyBytesAreWordsOrBad(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        ModifiedUtf7.decode(text).ifPresent(name ->
                assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name))).contains(name));
        envelope(bytes);
        assertThat(BaseSubject.of(text).text().length()).isLessThanOrEqualTo(text.length());
        var url = MessageUrl.parse(text);
        if (url != null) {
            assertThat(url.uid()).isPositive();
            assertThat(url.from()).isNotNegative();
        }
        var pattern = MailboxPattern.of("", text);
        assertThat(pattern.matches(pattern.pattern().replace('*', 'x').replace('%', 'x'))).isTrue();
        read(bytes, in -> set(in.sequenceSet()));
        read(bytes, in -> assertThat(in.mailbox()).isNotNull());
        read(bytes, in -> assertThat(ImapDate.dateTime(in.string())).isNotNull());
        read(bytes, in -> assertThat(new SearchParser(in).program()).isNotNull());
        read(bytes, in -> assertThat(SortKey.parse(in)).isNotEmpty());
        read(bytes, in -> assertThat(PartialRange.parse(in).last()).isPositive());
    }

    /// A stored envelope may be anything.
    private static void envelope(byte[] bytes) {
        var envelope = new Envelope(Bytes.wrap(bytes));
        for (var field : Envelope.Field.values()) {
            assertThat(envelope.text(field)).isNotNull();
            assertThat(envelope.addressText(field)).isNotNull();
            assertThat(envelope.isCut(field)).isIn(true, false);
        }
    }

    private interface Rule {
        void read(ImapReader in) throws IOException;
    }

    private static void read(byte[] bytes, Rule rule) throws IOException {
        var in = new ImapReader(new ByteInput(bytes), ImapLimits.DEFAULT, spool);
        in.loggedIn(true);
        in.nextCommand();
        try {
            rule.read(in);
        } catch (BadCommand | No | EOFException refused) {
            assertThat(refused).isNotNull();
        }
    }

    /// Ranges ascend, do not touch, and end at the largest number.
    private static void set(SequenceSet set) {
        long before = -1;
        for (var range : set.resolve(LARGEST)) {
            assertThat(range.first()).isGreaterThan(before + 1).isPositive();
            assertThat(range.last()).isBetween(range.first(), LARGEST);
            before = range.last();
        }
    }
}
