package org.pintail.mail;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// What accounts want done with mail as it comes in: documents `{user, name, query{headers,text,ha,size}, action{…}, disabled, created}`.
public final class Filters {
    private static final int MOST = 10_000;
    private final Documents documents;

    Filters(Documents documents) {
        this.documents = documents;
    }

    /// In the order they are asked: by id.
    public List<Document> list(AccountId account) {
        return documents.list(Collections.FILTERS, "user", List.of(account.value()), null, true, MOST);
    }

    public Optional<Document> find(AccountId account, ObjectId id) {
        return documents.find(Collections.FILTERS, id).filter(f -> account.value().equals(f.value("user")));
    }

    /// Refuses NOT_ALLOWED when the account has `limit` of them.
    public Document add(AccountId account, Document filter, long limit) {
        if (documents.count(Collections.FILTERS, "user", List.of(account.value())) >= limit) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "Maximum filters limit reached");
        }
        var added = filter.with("user", account.value());
        documents.insert(Collections.FILTERS, added);
        return added;
    }

    /// False when the account has none of that id.
    public boolean update(AccountId account, ObjectId id, UnaryOperator<Document> change) {
        return find(account, id).isPresent() && documents.update(Collections.FILTERS, id, change).isPresent();
    }

    /// False when the account has none of that id.
    public boolean delete(AccountId account, ObjectId id) {
        return find(account, id).isPresent() && documents.delete(Collections.FILTERS, id);
    }
}
