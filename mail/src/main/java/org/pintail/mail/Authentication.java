package org.pintail.mail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logging in, the same for every protocol (imap-pop3 §2, data-model "Login algorithm").
public final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final String MASTER = "master";
    private static final Duration TEMPORARY_VALID = Duration.ofHours(24);
    /// A login with the same address this soon after the last one is not worth a write to the account.
    private static final Duration SAME_LOGIN = Duration.ofMinutes(1);

    private static final int MAX_PASSWORD = 1024;
    private static final int MAX_NAME = 320;
    private final Store store;
    private final Accounts accounts;
    private final Lookups lookups;
    private final MailSettings settings;
    private final Hashing hashing;
    private final CheckedPasswords checked;
    private final ApplicationPasswords applicationPasswords;
    private final AuthLog log;
    private final FakeSalts fakeSalts;
    private final Clock clock;
    /// Checked where there is no hash to check, so that an unknown user takes as long as a known one.
    private final String dummy;

    Authentication(
            Store store,
            Accounts accounts,
            Lookups lookups,
            AuthLog log,
            MailSettings settings,
            Hashing hashing,
            Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.lookups = lookups;
        this.log = log;
        this.settings = settings;
        this.hashing = hashing;
        this.clock = clock;
        this.checked = new CheckedPasswords(settings.passwordCache(), hashing.randomKey(32), clock);
        this.applicationPasswords = new ApplicationPasswords(store.documents(), checked, hashing, clock);
        this.fakeSalts = new FakeSalts(store.documents(), hashing);
        this.dummy = hashing.ofNothing();
    }

    public ApplicationPasswords applicationPasswords() {
        return applicationPasswords;
    }

    /// The account that `username` (a user name or any address) logs in to. No password is checked.
    public Optional<Account> account(String username) {
        return lookUp(username);
    }

    /// Who asks. `ip` and `session` go to the log.
    public record Client(String protocol, String ip, String session) {}

    /// `username` as the account has it. `source` is master, temporary, asp, or who vouched for the client. `event` is the entry in the authentication log.
    public sealed interface Result {
        record Success(
                AccountId account,
                String username,
                String source,
                boolean requirePasswordChange,
                List<String> enabled2fa,
                @Nullable ObjectId event)
                implements Result {
            public Success {
                enabled2fa = List.copyOf(enabled2fa);
            }
        }

        record Failure(Reason reason, String text) implements Result {}
    }

    /// Why a login failed.
    public enum Reason {
        CREDENTIALS,
        RATE_LIMITED,
        SCOPE,
        DISABLED,
        UNAVAILABLE
    }

    /// One attempt.
    private record Attempt(Account account, String password, String scope, Client client) {
        String counter() {
            return "auth_user:" + account.id().hex();
        }
    }

    /// Checks a user name (or address) and password for a scope: imap, pop3, smtp or master. CPU-heavy work waits for a free core.
    public Result authenticate(String username, String password, String scope, Client client) {
        if (password.isEmpty() || password.length() > MAX_PASSWORD || username.length() > MAX_NAME) {
            return wrong();
        }
        return guarded(client, () -> {
            var account = lookUp(username);
            return account.isPresent() ? known(new Attempt(account.get(), password, scope, client)) : unknown(username, password);
        });
    }

    private static Result.Failure wrong() {
        return new Result.Failure(Reason.CREDENTIALS, "Invalid credentials");
    }

    private static Result.Failure wrongScope() {
        return new Result.Failure(Reason.SCOPE, "Authentication failed. Invalid scope");
    }

    /// Without "@" a user name; with it an address (no wildcards), and where there is none a user name again. Whose an address is may be
    /// remembered, the account is read.
    private Optional<Account> lookUp(String username) {
        var address = MailAddress.parse(username.strip());
        if (address.isEmpty()) {
            return accounts.find(username);
        }
        return switch (lookups.resolve(address.get(), false).orElse(null)) {
            case null -> accounts.find(address.get().view());
            case Addresses.Resolved.OfAccount own -> accounts.find(own.account());
            case Addresses.Resolved.Forwarded nobody -> Optional.empty();
        };
    }

    /// The keys SCRAM goes on for `username`, made up where there are none. Nothing is decided yet.
    public ScramSecret scram(String username, Scram scram) {
        var account = username.length() > MAX_NAME ? Optional.<Account>empty() : lookUp(username);
        var keys = account.flatMap(a -> scram.of(a.document()));
        return new ScramSecret(username, account, keys.orElseGet(() -> fakeSalts.keys(username, scram)), keys.isPresent());
    }

    /// The end of a SCRAM exchange: `right` says whether the client's proof fits the keys. It stands for the password of the account, never
    /// for one of an application. Who has not proven anything hears nothing of the account, not even that it is disabled.
    public Result proven(ScramSecret secret, boolean right, String scope, Client client) {
        return guarded(client, () -> {
            if (secret.account().isEmpty()) {
                return countUnknown(secret.username());
            }
            var attempt = new Attempt(secret.account().get(), "", scope, client);
            var limited = limited(attempt);
            if (limited.isPresent()) {
                return limited.get();
            }
            if (!right || !secret.real()) {
                return failed(attempt, false);
            }
            var barred = barred(attempt);
            if (barred.isPresent()) {
                return barred.get();
            }
            var secondFactors = secondFactors(attempt.account().document());
            return secondFactors.isEmpty() || scope.equals(MASTER) ? passed(attempt, MASTER, false, secondFactors) : needsSecondFactor(attempt, secondFactors);
        });
    }

    /// Somebody else has made sure who the client is: a token's issuer (`source` "oauth"), an authority of certificates ("certificate").
    public Result vouched(String username, String source, String scope, Client client) {
        return guarded(client, () -> {
            var account = username.length() > MAX_NAME ? Optional.<Account>empty() : lookUp(username);
            if (account.isEmpty()) {
                return wrong();
            }
            var attempt = new Attempt(account.get(), "", scope, client);
            return barred(attempt).orElseGet(() -> passed(attempt, source, false, List.of()));
        });
    }

    private static Result guarded(Client client, Supplier<Result> attempt) {
        try {
            return attempt.get();
        } catch (StoreException e) {
            LOG.error("login failed for want of the store session={}", client.session(), e);
            return new Result.Failure(Reason.UNAVAILABLE, "Temporary authentication failure");
        } catch (Refusal e) {
            return new Result.Failure(Reason.UNAVAILABLE, e.text());
        }
    }

    private Result countUnknown(String username) {
        var counter = "auth_user:" + MailAddress.usernameView(username.strip());
        var added = store.counters().add(counter, 1, settings.authFailures(), settings.authWindow());
        return added.allowed() ? wrong() : rateLimited(added.left());
    }

    private Optional<Result> limited(Attempt attempt) {
        var count = store.counters().read(attempt.counter());
        return count.value() >= settings.authFailures() ? Optional.of(rateLimited(count.left())) : Optional.empty();
    }

    private Result unknown(String username, String password) {
        var counted = countUnknown(username);
        if (counted instanceof Result.Failure(var reason, _) && reason == Reason.CREDENTIALS) {
            hashing.verify(password, dummy);
        }
        return counted;
    }

    private static Result.Failure rateLimited(Duration left) {
        return new Result.Failure(
                Reason.RATE_LIMITED,
                "Authentication was rate limited. Try again in " + Math.max(1, left.toSeconds()) + " seconds.");
    }

    private Result known(Attempt attempt) {
        var application = attempt.scope().equals(MASTER)
                ? ApplicationPasswords.NONE
                : applicationPasswords.check(attempt.account().id(), attempt.password(), attempt.scope());
        var barred = (application.valid() ? Optional.<Result>empty() : limited(attempt)).or(() -> barred(attempt));
        if (barred.isPresent()) {
            return barred.get();
        }
        return application.valid()
                ? byApplication(attempt, application.document())
                : byPassword(attempt, application.wrongScope());
    }

    private Optional<Result> barred(Attempt attempt) {
        var account = attempt.account();
        if (account.disabled() || account.suspended()) {
            record(attempt, account.disabled() ? "disabled" : "suspended", Document.of("source", MASTER));
            return Optional.of(new Result.Failure(Reason.DISABLED, "Authentication failed"));
        }
        return account.disabledScopes().contains(attempt.scope())
                ? Optional.of(new Result.Failure(Reason.SCOPE, "Access to requested service disabled"))
                : Optional.empty();
    }

    private Result byApplication(Attempt attempt, Document asp) {
        var event = record(
                attempt,
                "success",
                Document.of("source", "asp", "asp", asp.id(), "aname", asp.string("description", "")));
        applicationPasswords.used(asp, event, attempt.client().ip());
        return new Result.Success(
                attempt.account().id(), attempt.account().username(), "asp", false, List.of(), event);
    }

    private Result byPassword(Attempt attempt, boolean wrongScope) {
        var temporary = attempt.account().document().document("tempPassword")
                .filter(t -> t.instant("created")
                        .filter(c -> clock.instant().isBefore(c.plus(TEMPORARY_VALID)))
                        .isPresent());
        var temporaryHash = temporary.flatMap(t -> t.string("password")).orElse("");
        if (!temporaryHash.isEmpty() && matches(attempt, temporaryHash)) {
            return byTemporary(attempt, temporary.orElseThrow());
        }
        var hash = attempt.account().document().string("password", "");
        if (matches(attempt, hash.isEmpty() ? dummy : hash) && !hash.isEmpty()) {
            return byMaster(attempt, hash);
        }
        return failed(attempt, wrongScope);
    }

    private Result failed(Attempt attempt, boolean wrongScope) {
        var count = store.counters().add(attempt.counter(), 1, settings.authFailures(), settings.authWindow());
        record(attempt, "fail", Document.of("source", MASTER));
        if (!count.allowed()) {
            return rateLimited(count.left());
        }
        return wrongScope ? wrongScope() : wrong();
    }

    /// Looks into the remembered passwords again when a core is free: of many logins at once only the first has to compute. The
    /// count of failures is read there too, so at most as many guesses as there are cores exceed the limit.
    private boolean matches(Attempt attempt, String hash) {
        var key = checked.key(attempt.account().id(), hash, attempt.password(), attempt.scope());
        if (checked.contains(key)) {
            return true;
        }
        return hashing.within(() -> {
            if (checked.contains(key)) {
                return true;
            }
            if (store.counters().read(attempt.counter()).value() >= settings.authFailures()) {
                return false;
            }
            boolean right = PasswordHash.verify(attempt.password(), hash);
            if (right) {
                checked.add(key);
            }
            return right;
        });
    }

    private Result byTemporary(Attempt attempt, Document temporary) {
        var validAfter = temporary.instant("validAfter").orElse(Instant.MIN);
        if (clock.instant().isBefore(validAfter)) {
            return new Result.Failure(Reason.SCOPE, "Temporary password is not yet activated");
        }
        if (!attempt.scope().equals(MASTER)) {
            return wrongScope();
        }
        return passed(attempt, "temporary", true, List.of());
    }

    private Result byMaster(Attempt attempt, String hash) {
        var secondFactors = secondFactors(attempt.account().document());
        if (!attempt.scope().equals(MASTER) && !secondFactors.isEmpty()) {
            return needsSecondFactor(attempt, secondFactors);
        }
        if (PasswordHash.isOutdated(hash)) {
            var fresh = hashing.create(attempt.password());
            store.documents()
                    .update(
                            Collections.USERS,
                            attempt.account().id().value(),
                            u -> u.string("password", "").equals(hash) ? u.with("password", fresh) : u);
        } else if (!Scram.isDerived(attempt.account().document())) {
            var keys = hashing.scram(attempt.password(), hash);
            store.documents()
                    .update(
                            Collections.USERS,
                            attempt.account().id().value(),
                            u -> u.string("password", "").equals(hash) ? u.with(keys) : u);
        }
        return passed(attempt, MASTER, false, secondFactors);
    }

    private Result needsSecondFactor(Attempt attempt, List<String> secondFactors) {
        record(attempt, "fail", Document.of("source", MASTER, "require2fa", String.join(",", secondFactors)));
        return wrongScope();
    }

    /// Older documents say `true` for totp and `u2f` for webauthn.
    private static List<String> secondFactors(Document user) {
        if (user.bool("enabled2fa")) {
            return List.of("totp");
        }
        var out = new ArrayList<String>();
        for (var name : user.strings("enabled2fa")) {
            out.add(name.equals("u2f") ? "webauthn" : name);
        }
        return out;
    }

    private Result passed(Attempt attempt, String source, boolean change, List<String> secondFactors) {
        var account = attempt.account();
        var event = record(attempt, "success", Document.of("source", source));
        if (store.counters().read(attempt.counter()).value() > 0) {
            store.counters().clear(attempt.counter());
        }
        noteLogin(attempt, event);
        return new Result.Success(account.id(), account.username(), source, change, secondFactors, event);
    }

    private void noteLogin(Attempt attempt, @Nullable ObjectId event) {
        var now = clock.instant();
        var last = attempt.account().document().document("lastLogin").orElse(Document.EMPTY);
        boolean same = attempt.client().ip().equals(last.value("ip"))
                && last.instant("time").filter(t -> t.plus(SAME_LOGIN).isAfter(now)).isPresent();
        if (!same) {
            var login = Document.of("time", now, "authEvent", event == null ? false : event, "ip", attempt.client().ip());
            store.documents()
                    .update(Collections.USERS, attempt.account().id().value(), u -> u.with("lastLogin", login));
        }
    }

    private @Nullable ObjectId record(Attempt attempt, String result, Document fields) {
        var client = attempt.client();
        return log.record(
                attempt.account().id(),
                "authentication",
                result,
                fields.with(Document.of(
                        "protocol", client.protocol().toUpperCase(Locale.ROOT),
                        "ip", client.ip(),
                        "sess", client.session(),
                        "requiredScope", attempt.scope())));
    }
}
