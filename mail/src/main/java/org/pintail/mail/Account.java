package org.pintail.mail;

import java.util.List;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;

/// An account: a view on its document in `users`, with WildDuck's field names in [#document()].
public record Account(Document document) {
    public AccountId id() {
        return new AccountId(document.id());
    }

    public String username() {
        return document.string("username", "");
    }

    public String name() {
        return document.string("name", "");
    }

    /// Main address, "" if there is none.
    public String address() {
        return document.string("address", "");
    }

    /// Own quota in bytes; 0 is the default of the installation.
    public long quota() {
        return document.number("quota");
    }

    /// How many messages it may have; 0 is no limit.
    public long messageQuota() {
        return document.number("quotaMessages");
    }

    /// How many mailboxes it may have; 0 is the default of the installation.
    public long mailboxQuota() {
        return document.number("quotaMailboxes");
    }

    public boolean disabled() {
        return document.bool("disabled");
    }

    public boolean suspended() {
        return document.bool("suspended");
    }

    public List<String> disabledScopes() {
        return document.strings("disabledScopes");
    }
}
