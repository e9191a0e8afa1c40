package org.pintail.mail;

import java.util.List;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Names an account subscribes to that are no mailboxes of its own: those of others, and of mailboxes that are gone (RFC 3501 §6.3.6 keeps
/// them). Whether a mailbox that is there is subscribed by its owner stands with the mailbox.
public final class Subscriptions {
    private static final int MOST = 2000;
    private static final String INDEX = "name";
    private final Documents documents;

    Subscriptions(Documents documents) {
        this.documents = documents;
    }

    /// By name.
    public List<String> list(AccountId account) {
        return documents.list(Collections.SUBSCRIPTIONS, INDEX, List.of(account.value()), null, true, MOST).stream()
                .map(d -> d.string("path", ""))
                .toList();
    }

    /// Refuses NOT_ALLOWED beyond 2000 names.
    public void add(AccountId account, String path) {
        if (documents.count(Collections.SUBSCRIPTIONS, INDEX, List.of(account.value())) >= MOST) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "Subscription count limit reached");
        }
        try {
            documents.insert(
                    Collections.SUBSCRIPTIONS,
                    Document.of("_id", ObjectId.next(), "user", account.value(), "path", path));
        } catch (StoreException.Duplicate already) {
            return; // it is subscribed, which was asked for
        }
    }

    /// False when there was none.
    public boolean remove(AccountId account, String path) {
        return documents
                .find(Collections.SUBSCRIPTIONS, INDEX, account.value(), path)
                .map(d -> documents.delete(Collections.SUBSCRIPTIONS, d.id()))
                .orElse(false);
    }
}
