package org.pintail.imap.search;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.wire.SequenceSet;

/// `search-key`, RFC 3501 §6.4.4, with RFC 5032 (OLDER, YOUNGER), RFC 7162 (MODSEQ), RFC 8474 (EMAILID, THREADID) and RFC 8514 (SAVEDON and the
/// like). Strings are lower case.
public sealed interface SearchKey {
    boolean matches(SearchedMessage message);

    /// Must the message itself be read to decide? Such keys come last.
    default boolean isExpensive() {
        return false;
    }

    record All(boolean any) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return any;
        }
    }

    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = keys.stream()
                    .sorted(java.util.Comparator.comparing(SearchKey::isExpensive))
                    .toList();
        }

        @Override
        public boolean matches(SearchedMessage message) {
            for (var key : keys) {
                if (!key.matches(message)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean isExpensive() {
            return keys.stream().anyMatch(SearchKey::isExpensive);
        }
    }

    record Or(SearchKey first, SearchKey second) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return first.isExpensive()
                    ? second.matches(message) || first.matches(message)
                    : first.matches(message) || second.matches(message);
        }

        @Override
        public boolean isExpensive() {
            return first.isExpensive() || second.isExpensive();
        }
    }

    record Not(SearchKey key) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return !key.matches(message);
        }

        @Override
        public boolean isExpensive() {
            return key.isExpensive();
        }
    }

    /// A set by sequence number or UID, as parsed; [MessageSearch] makes it [Among] once the mailbox is known.
    record InSet(SequenceSet set, boolean byUid) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            throw new IllegalStateException("a set that was not resolved");
        }
    }

    /// `\Recent`, as parsed; [MessageSearch] makes it [Among] once the session is known.
    record Recent() implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            throw new IllegalStateException("recent messages that were not resolved");
        }
    }

    /// Keys stored under a name, as parsed; who knows the session puts them in its place.
    record Filter(String name) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            throw new IllegalStateException("a filter that was not resolved");
        }
    }

    /// The messages of a set, by index.
    record Among(BitSet indexes) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return indexes.get(message.index());
        }
    }

    record Flag(Flags flag) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            var has = message.flags();
            return (has.system() & flag.system()) == flag.system()
                    && flag.keywords().stream().allMatch(has::hasKeyword);
        }
    }

    /// Which of its dates.
    enum Clock {
        INTERNAL,
        SENT,
        SAVED
    }

    /// `from <= date < to`
    record Dated(Clock clock, Instant from, Instant to) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            var date =
                    switch (clock) {
                        case INTERNAL -> message.internalDate();
                        case SENT -> message.sentDate();
                        case SAVED -> message.savedDate();
                    };
            return !date.isBefore(from) && date.isBefore(to);
        }
    }

    /// `from <= day < to` of the Date field as it is written there: time and zone do not count (RFC 3501 §6.4.4). The moment tells unless it is
    /// within half a day of the bounds or so; only then the field is read.
    record SentDay(LocalDate from, LocalDate to) implements SearchKey {
        private static final Duration WIDEST_ZONE = Duration.ofHours(26);

        @Override
        public boolean matches(SearchedMessage message) {
            var moment = message.sentDate();
            if (moment.isBefore(start(from).minus(WIDEST_ZONE)) || !moment.isBefore(start(to).plus(WIDEST_ZONE))) {
                return false;
            }
            if (!moment.isBefore(start(from).plus(WIDEST_ZONE)) && moment.isBefore(start(to).minus(WIDEST_ZONE))) {
                return true;
            }
            var day = message.sentDay();
            return !day.isBefore(from) && day.isBefore(to);
        }

        /// What [org.pintail.imap.view.Columns] can tell: all it matches, and some more.
        Dated nearby() {
            return new Dated(Clock.SENT, start(from).minus(WIDEST_ZONE), start(to).plus(WIDEST_ZONE));
        }

        private static Instant start(LocalDate day) {
            return day.atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        @Override
        public boolean isExpensive() {
            return true;
        }
    }

    /// OLDER and YOUNGER, RFC 5032, as parsed; [MessageSearch] makes it [Dated] once it knows the time.
    record Within(boolean older, long seconds) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            throw new IllegalStateException("an interval that was not resolved");
        }
    }

    record Size(boolean larger, long than) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return larger ? message.size() > than : message.size() < than;
        }
    }

    record ModSeq(long atLeast) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return message.modSeq() >= atLeast;
        }
    }

    /// EMAILID or THREADID.
    record ObjectIdIs(boolean thread, String id) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return (thread ? message.thread() : message.root()).hex().equals(id);
        }

        @Override
        public boolean isExpensive() {
            return true;
        }
    }

    /// The text of a field as ENVELOPE has it.
    record InEnvelope(Envelope.Field field, String text) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return message.envelopeContains(field, text);
        }

        @Override
        public boolean isExpensive() {
            return true;
        }
    }

    /// A field of that name whose decoded value contains the text.
    record Header(String name, String text) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return message.headerContains(name, text);
        }

        @Override
        public boolean isExpensive() {
            return true;
        }
    }

    /// The text parts, decoded; with `headers` the header as well (TEXT).
    record Text(boolean headers, String text) implements SearchKey {
        @Override
        public boolean matches(SearchedMessage message) {
            return headers && message.anyHeaderContains(text) || message.bodyContains(text);
        }

        @Override
        public boolean isExpensive() {
            return true;
        }
    }
}
