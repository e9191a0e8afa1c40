package org.pintail.backend;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.mime.Source;

/// Messages in mailboxes. Every change is one atomic step (uid and modseq, counters of the mailbox, usage of the account, journal)
/// and durable when the call returns; then watchers of the account are woken through [Events].
/// UIDs strictly ascend and are never reused (RFC 9051 §2.3.1.1); modseqs strictly ascend per step (RFC 7162 §3.1).
public interface Messages {
    /// Appends all of them or none, each with its own uid and modseq, in order. Throws [StoreException.Missing] when a mailbox is not
    /// there, [StoreException.OverQuota], [StoreException.Full].
    List<MessageRow> append(List<NewMessage> messages);

    /// As [#append] of one message whose sender does not look at the mailbox: it is kept when the call returns, but who looks through another
    /// process may see it, and watchers may hear of it, some hundredths of a second later. `threading` is asked before anybody sees it, perhaps
    /// after the call; what a process that dies in between leaves stays in the thread that the message names.
    default void deliver(NewMessage message, ThreadClues clues, Threading threading) {
        var newcomer = new Threading.Newcomer(message.account(), message.id(), message.thread(), clues);
        append(List.of(message.in(threading.find(List.of(newcomer)).getOrDefault(message.id(), message.thread()))));
    }

    /// All rows of a mailbox by uid.
    List<MessageRow> rows(MailboxId mailbox);

    Optional<MessageRow> row(MailboxId mailbox, long uid);

    /// Rows with `first <= uid <= last`, ascending or descending, at most `limit`.
    List<MessageRow> rows(MailboxId mailbox, long first, long last, boolean ascending, int limit);

    /// Finds a message by its id wherever it lies in the account.
    Optional<MessageRow> find(AccountId account, MessageId id);

    /// What a session or a client that knew `sinceModSeq` has to learn. Throws [StoreException.Missing] when the mailbox is gone.
    MailboxChanges changes(MailboxId mailbox, long sinceModSeq);

    /// The stored renderings; throws [StoreException.Missing] when the message is gone.
    MessageContent content(MessageRow row);

    /// As [#content] without the details, which are most of it.
    default Renderings renderings(MessageRow row) {
        var content = content(row);
        return new Renderings(content.envelope(), content.bodyStructure(), content.partMap());
    }

    /// The details of [#content] that are named; others may come along. For what is asked of many messages and is little of each.
    default Document details(MessageRow row, Set<String> names) {
        return content(row).details();
    }

    /// What [#described] tells.
    record Described(Renderings renderings, Document details) {}

    /// [#renderings] and [#details] of one message, read together.
    default Described described(MessageRow row, Set<String> names) {
        return new Described(renderings(row), details(row, names));
    }

    /// [#renderings] of each that is there, asked for together. Callers bound how many that are.
    default Map<MessageId, Renderings> renderings(List<MessageRow> rows) {
        return each(rows, this::renderings);
    }

    /// The message byte for byte. The source stays readable for a while after an expunge (until collection).
    Source open(MessageRow row);

    /// [#open] of each that is there, asked for together. Callers bound how many bytes that are.
    default Map<MessageId, Source> open(List<MessageRow> rows) {
        return each(rows, this::open);
    }

    private static <T> Map<MessageId, T> each(List<MessageRow> rows, Function<MessageRow, T> work) {
        var out = new HashMap<MessageId, T>();
        for (var row : rows) {
            try {
                out.put(row.id(), work.apply(row));
            } catch (StoreException.Missing gone) {
                continue; // as if it had not been asked for
            }
        }
        return out;
    }

    /// Changes flags of the messages with these uids that are there: `change` gets the current flags of a message and returns the new ones (its argument: unchanged, no
    /// modseq); what it returns depends on nothing else, and it may be asked once for all messages that have the same. Messages
    /// with modseq above `unchangedSince` are left and reported. One modseq for all changed messages.
    FlagsChanged changeFlags(
            MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session);

    /// As [#changeFlags], for those who need not wait for the disk: on return everybody sees the change and it outlives this process, but a machine
    /// that loses power may forget what was changed within its last second, from the last such change back. No modseq that was told is given again.
    default FlagsChanged changeFlagsSoon(
            MailboxId mailbox, Collection<Long> uids, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session) {
        return changeFlags(mailbox, uids, change, unchangedSince, session);
    }

    /// The same as [#changeFlags] for whichever messages fit. Reads all rows of the mailbox.
    default FlagsChanged changeFlags(
            MailboxId mailbox, LongPredicate fits, UnaryOperator<Flags> change, long unchangedSince, @Nullable String session) {
        var uids = rows(mailbox).stream().map(MessageRow::uid).filter(fits::test).toList();
        return changeFlags(mailbox, uids, change, unchangedSince, session);
    }

    /// `changed` as they are now, ascending, all with the one modseq; `modified` uids that failed UNCHANGEDSINCE.
    record FlagsChanged(List<NewFlags> changed, List<Long> modified) {
        public FlagsChanged {
            changed = List.copyOf(changed);
            modified = List.copyOf(modified);
        }
    }

    /// Copies the rows, ascending, to the end of `to`; contents are shared. `quota` as in [NewMessage]. Source UIDs that are gone are skipped.
    List<Copied> copy(MailboxId from, List<Long> uids, MailboxId to, long quota, @Nullable String session);

    /// Moves; as copy and expunge in one step.
    List<Copied> move(MailboxId from, List<Long> uids, MailboxId to, @Nullable String session);

    /// Old uid and the row it became.
    record Copied(long uid, MessageRow row) {}

    /// Removes the messages; their uids are remembered for [#changes]. Returns the uids that were there.
    List<Long> expunge(MailboxId mailbox, List<Long> uids, @Nullable String session);

    /// Changes the details of one message (metaData, expires …); no modseq.
    Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change);

    /// Bytes of all messages of an account.
    long usage(AccountId account);

    /// Journal entries of an account after `after` (null: from the start of what is kept, about 3 hours), oldest first.
    List<JournalEntry> journal(AccountId account, @Nullable ObjectId after, int limit);

    Optional<ObjectId> lastJournalEntry(AccountId account);

    /// Removes everything the account has: mailboxes, messages, journal.
    void deleteAll(AccountId account);
}
