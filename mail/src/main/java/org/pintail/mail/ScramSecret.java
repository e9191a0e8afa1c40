package org.pintail.mail;

import java.util.Optional;

/// What a SCRAM exchange goes on: keys of the account, or made-up ones where there is no account or it has none. An exchange goes on the
/// same way with either.
public record ScramSecret(String username, Optional<Account> account, Scram.Keys keys, boolean real) {
    @Override
    public String toString() {
        return "ScramSecret[" + username + "]";
    }
}
