package org.pintail.mail;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.pintail.backend.ThreadClues;
import org.pintail.header.Headers;
import org.pintail.mime.Source;

/// Messages going into mailboxes and moving between them, with quota. Reading and flags go straight to [Messages].
public final class Mailstore {
    private final Store store;
    private final Accounts accounts;
    private final Folders folders;
    private final MailSettings settings;
    private final Threads threads;
    private final Clock clock;
    private volatile @Nullable Arrivals arrivals;

    /// Who is to hear of mailboxes into which something came, however it came. Told after it is kept, by the thread that brought it: must not wait
    /// for anything, and must not throw.
    public interface Arrivals {
        void came(AccountId owner, MailboxId mailbox);
    }

    Mailstore(Store store, Accounts accounts, Folders folders, MailSettings settings, Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.folders = folders;
        this.settings = settings;
        this.threads = new Threads(store.documents(), clock);
        this.clock = clock;
    }

    /// From now on `who` is told, and nobody else.
    public void tell(Arrivals who) {
        arrivals = who;
    }

    public Messages messages() {
        return store.messages();
    }

    /// Everything about a message that does not depend on the mailbox, computed once per message however many recipients it has.
    /// Refuses TOO_BIG, TEMPORARY.
    public Prepared prepare(Source message) {
        tooBig(message.size());
        try {
            return PreparedMessage.of(message, settings.hostname());
        } catch (IOException e) {
            throw new Refusal(Refusal.Code.TEMPORARY, "The message could not be read back", e);
        }
    }

    private void tooBig(long size) {
        if (size > settings.maxMessageSize()) {
            throw new Refusal(Refusal.Code.TOO_BIG, "Message is larger than " + settings.maxMessageSize() + " bytes");
        }
    }

    /// A parsed, cut and rendered message. Close-free: the source must stay readable until the append is done.
    public sealed interface Prepared permits PreparedMessage {
        /// First field of that name, encoded words decoded, "" when absent.
        String header(String name);

        Headers headers();

        /// Plain text of the message, from HTML where there is no other.
        String plainText();

        boolean hasAttachments();

        long size();
    }

    /// Where and how a message is to be kept. `meta` as in the data model §5.5. `head` are bytes in front (trace fields of this recipient).
    public record Placement(
            Account account,
            MailboxId mailbox,
            Flags flags,
            @Nullable Instant internalDate,
            byte[] head,
            Document meta,
            boolean checkQuota,
            @Nullable String session) {}

    /// Computes threads and the stored fields for one placement, ready for [Messages#append]. Refuses OVER_QUOTA when the account has as
    /// many messages as it may have.
    public NewMessage place(Prepared message, Placement placement) {
        return place(prepared(message), placement, threads::find);
    }

    private static PreparedMessage prepared(Prepared message) {
        return switch (message) {
            case PreparedMessage p -> p;
        };
    }

    private NewMessage place(
            PreparedMessage prepared, Placement placement, BiFunction<AccountId, ThreadClues, ObjectId> thread) {
        var internalDate = Objects.requireNonNullElseGet(placement.internalDate(), clock::instant);
        if (placement.checkQuota()) {
            countMessages(placement.account(), 1);
        }
        var details = prepared.details();
        var head = placement.head();
        return new NewMessage(
                placement.account().id(),
                placement.mailbox(),
                MessageId.next(),
                placement.flags(),
                internalDate,
                Objects.requireNonNullElse(details.sent(), internalDate),
                thread.apply(placement.account().id(), details.clues()),
                details.attachments(),
                head.length + prepared.size(),
                Bytes.copyOf(head),
                prepared.cut(),
                prepared.envelope(),
                prepared.bodyStructure(),
                prepared.partMapAfter(head.length),
                details.placed(head.length == 0 ? Headers.EMPTY : Headers.parse(head), internalDate, placement.meta()),
                placement.checkQuota() ? accounts.quota(placement.account()) : 0,
                placement.session());
    }

    /// Appends; refuses NO_SUCH_MAILBOX, OVER_QUOTA, TOO_BIG, TEMPORARY.
    public List<MessageRow> append(List<NewMessage> messages) {
        tooBig(messages);
        var rows = refusing(() -> store.messages().append(messages));
        told(messages);
        return rows;
    }

    /// Brings what somebody else sent to all placements or none, alone by [Messages#deliver]; refuses as [#place] and [#append] do. The ids, in
    /// the order of the placements.
    List<MessageId> deliver(Prepared message, List<Placement> placements) {
        var prepared = prepared(message);
        if (placements.size() != 1) {
            var placed = placements.stream().map(p -> place(prepared, p, threads::find)).toList();
            append(placed);
            return placed.stream().map(NewMessage::id).toList();
        }
        var one = place(prepared, placements.getFirst(), Threads::expected);
        tooBig(List.of(one));
        refusing(() -> {
            store.messages().deliver(one, prepared.details().clues(), threads);
            return true;
        });
        told(List.of(one));
        return List.of(one.id());
    }

    private void told(List<NewMessage> messages) {
        var told = arrivals;
        if (told != null) {
            var mailboxes = new HashSet<MailboxId>();
            for (var m : messages) {
                if (mailboxes.add(m.mailbox())) {
                    told.came(m.account(), m.mailbox());
                }
            }
        }
    }

    private List<Messages.Copied> came(List<Messages.Copied> copied, Mailbox to) {
        var told = arrivals;
        if (told != null && !copied.isEmpty()) {
            told.came(to.account(), to.id());
        }
        return copied;
    }

    private void tooBig(List<NewMessage> messages) {
        messages.forEach(m -> tooBig(m.size() - m.head().size()));
    }

    /// What the engine could not do, in the words of this package.
    static <T> T refusing(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException.Missing e) {
            throw new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist", e);
        } catch (StoreException.OverQuota e) {
            throw new Refusal(Refusal.Code.OVER_QUOTA, "User is over quota", e);
        } catch (StoreException.Full e) {
            throw new Refusal(Refusal.Code.TEMPORARY, "Insufficient storage, try again later", e);
        } catch (StoreException.Unavailable e) {
            throw new Refusal(Refusal.Code.TEMPORARY, "Storage is not available, try again later", e);
        }
    }

    /// Prepares, places and appends one message.
    public MessageRow append(Source message, Placement placement) {
        var prepared = prepare(message);
        return refusing(() -> append(List.of(place(prepared, placement)))).getFirst();
    }

    /// Copies by uid. Refuses NO_SUCH_MAILBOX, OVER_QUOTA, TEMPORARY.
    public List<Messages.Copied> copy(
            Account account, Mailbox from, List<Long> uids, Mailbox to, @Nullable String session) {
        own(account, from, to);
        countMessages(account, uids.size());
        return came(refusing(() -> store.messages().copy(from.id(), uids, to.id(), accounts.quota(account), session)), to);
    }

    /// Refuses NO_SUCH_MAILBOX, TEMPORARY; moving needs no quota.
    public List<Messages.Copied> move(
            Account account, Mailbox from, List<Long> uids, Mailbox to, @Nullable String session) {
        own(account, from, to);
        return came(refusing(() -> store.messages().move(from.id(), uids, to.id(), session)), to);
    }

    private void countMessages(Account account, int more) {
        if (account.messageQuota() > 0 && folders.messages(account.id()) + more > account.messageQuota()) {
            throw new Refusal(Refusal.Code.OVER_QUOTA, "User has as many messages as it may have");
        }
    }

    private static void own(Account account, Mailbox from, Mailbox to) {
        if (!from.account().equals(account.id()) || !to.account().equals(account.id())) {
            throw new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist");
        }
    }
}
