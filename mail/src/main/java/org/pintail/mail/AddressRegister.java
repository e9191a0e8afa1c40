package org.pintail.mail;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.header.EncodedWord;

/// Who an account has written to or heard from, for completing addresses (data-model "addressregister").
public final class AddressRegister {
    private static final Set<String> NOT_PERSONAL = Set.of("list-id", "auto-submitted", "x-auto-response-suppress");
    private static final int LOOKED_AT = 5000;
    private final Documents documents;
    private final Clock clock;

    AddressRegister(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /// Notes who a stored message is from, or for a sent one who it went to. Lists, automatic mail and no-reply addresses are left out.
    public void note(AccountId account, Document details, boolean sent) {
        boolean automatic = details.documents("headers").stream().anyMatch(h -> NOT_PERSONAL.contains(h.string("key", "")));
        if (automatic) {
            return;
        }
        for (var field : sent ? List.of("to", "cc", "bcc") : List.of("from")) {
            for (var person : details.documents(field)) {
                MailAddress.parse(person.string("address", ""))
                        .filter(a -> !a.local().toLowerCase(Locale.ROOT).matches("no-?reply"))
                        .ifPresent(a -> note(account, a, person.string("name", "")));
            }
        }
    }

    private void note(AccountId account, MailAddress address, String name) {
        var now = clock.instant();
        var view = address.view();
        var known = documents.find(Collections.ADDRESS_REGISTER, "by_address", account.value(), view);
        if (known.isPresent()) {
            if (!known.get().bool("disabled")) {
                documents.update(
                        Collections.ADDRESS_REGISTER,
                        known.get().id(),
                        e -> (name.isEmpty() ? e : e.with("name", name)).with("updated", now));
            }
            return;
        }
        documents.insert(
                Collections.ADDRESS_REGISTER,
                Document.of(
                        "_id", ObjectId.at(now),
                        "user", account.value(),
                        "name", name,
                        "address", address.normalized(),
                        "addrview", view,
                        "disabled", false,
                        "updated", now));
    }

    /// Entries with `query` in the address or at the start of the name, newest first.
    public List<Document> find(AccountId account, String query, int limit) {
        var lower = query.toLowerCase(Locale.ROOT);
        return documents
                .list(Collections.ADDRESS_REGISTER, "recent", List.of(account.value()), null, false, LOOKED_AT)
                .stream()
                .filter(e -> !e.bool("disabled"))
                .filter(e -> e.string("address", "").contains(query)
                        || e.string("name", "").toLowerCase(Locale.ROOT).startsWith(lower))
                .limit(limit)
                .toList();
    }

    /// False when the account has no such entry.
    public boolean update(AccountId account, ObjectId id, boolean disabled, Optional<String> name) {
        return documents
                .find(Collections.ADDRESS_REGISTER, id)
                .filter(e -> account.value().equals(e.value("user")))
                .flatMap(_ -> documents.update(
                        Collections.ADDRESS_REGISTER,
                        id,
                        e -> (name.isPresent() ? e.with("name", EncodedWord.decode(name.get())) : e).with("disabled", disabled)))
                .isPresent();
    }
}
