package org.pintail.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.mail.Authentication;
import org.pintail.mail.Scram;
import org.pintail.mail.ScramSecret;
import org.pintail.net.Connection;

/// The mechanisms of the suite, the same for IMAP, POP3 and submission. Each is a straight piece of code that asks the client and in the end
/// asks [Authentication].
public final class Sasl {
    private static final int NONCE = 18;
    private final Authentication authentication;
    private final Optional<TokenCheck> tokens;
    private final SecureRandom random = new SecureRandom();

    /// `tokens` says whose an OAuth access token is; empty: OAUTHBEARER and XOAUTH2 are not offered.
    public Sasl(Authentication authentication, Optional<TokenCheck> tokens) {
        this.authentication = authentication;
        this.tokens = tokens;
    }

    /// How a protocol carries challenges and answers, both base64.
    public interface Lines {
        String ask(String challenge) throws IOException;
    }

    /// One AUTH command. `initial` is the initial response as it came, null if there was none; `scope` is imap, pop3 or smtp.
    public record Request(String mechanism, @Nullable String initial, Connection connection, String scope) {
        Authentication.Client client() {
            return new Authentication.Client(scope.toUpperCase(Locale.ROOT), connection.remoteIp(), connection.session());
        }
    }

    /// What this connection may use now; nothing where a password could be overheard.
    public List<String> offered(Connection connection) {
        var names = new ArrayList<String>();
        if (!connection.passwordsAllowed()) {
            return names;
        }
        names.addAll(List.of("PLAIN", "LOGIN", "PLAIN-CLIENTTOKEN", "SCRAM-SHA-256", "SCRAM-SHA-1"));
        if (ChannelBinding.isAvailable(connection)) {
            names.add("SCRAM-SHA-256-PLUS");
        }
        if (tokens.isPresent()) {
            names.add("OAUTHBEARER");
            names.add("XOAUTH2");
        }
        if (!ExternalExchange.addresses(connection).isEmpty()) {
            names.add("EXTERNAL");
        }
        return names;
    }

    /// Runs the exchange to its end. Throws [SaslFailure] where there is nothing to decide.
    public Authentication.Result run(Request request, Lines lines) throws IOException {
        var name = request.mechanism().toUpperCase(Locale.ROOT);
        if (!offered(request.connection()).contains(name)) {
            throw new SaslFailure(SaslFailure.Kind.UNKNOWN_MECHANISM, "Unsupported authentication mechanism");
        }
        var conversation = new Conversation(request.initial(), lines);
        return switch (name) {
            case "PLAIN" -> plain(request, conversation, 3);
            case "PLAIN-CLIENTTOKEN" -> plain(request, conversation, 4);
            case "LOGIN" -> login(request, conversation);
            case "SCRAM-SHA-256" -> scram(request, Scram.SHA_256, false).run(conversation);
            case "SCRAM-SHA-256-PLUS" -> scram(request, Scram.SHA_256, true).run(conversation);
            case "SCRAM-SHA-1" -> scram(request, Scram.SHA_1, false).run(conversation);
            case "OAUTHBEARER" -> new TokenExchange(authentication, tokens.orElseThrow(), request).bearer(conversation);
            case "XOAUTH2" -> new TokenExchange(authentication, tokens.orElseThrow(), request).xoauth2(conversation);
            case "EXTERNAL" -> new ExternalExchange(authentication, request).run(conversation);
            default -> throw new IllegalStateException("offered and not there: " + name);
        };
    }

    /// `[authzid] NUL authcid NUL passwd` (RFC 4616 §2), with WildDuck's `NUL token` in PLAIN-CLIENTTOKEN. QUIRK: an authzid is not used,
    /// except as the name where authcid is empty.
    private Authentication.Result plain(Request request, Conversation conversation, int fields) throws IOException {
        var parts = Conversation.text(conversation.first()).split("\0", -1);
        if (parts.length != fields) {
            throw SaslFailure.malformed("expected " + fields + " fields with NUL between them");
        }
        return password(request, parts[1].isEmpty() ? parts[0] : parts[1], parts[2]);
    }

    /// draft-murchison-sasl-login: both challenges are fixed texts.
    private Authentication.Result login(Request request, Conversation conversation) throws IOException {
        var username = Conversation.text(conversation.firstOr("Username:"));
        var password = Conversation.text(conversation.ask("Password:".getBytes(StandardCharsets.US_ASCII)));
        return password(request, username, password);
    }

    private Authentication.Result password(Request request, String username, String password) {
        if (username.isBlank()) {
            throw SaslFailure.malformed("expected a user name");
        }
        return authentication.authenticate(username, password, request.scope(), request.client());
    }

    private ScramExchange scram(Request request, Scram scram, boolean plus) {
        var nonce = new byte[NONCE];
        random.nextBytes(nonce);
        boolean plusOffered = scram == Scram.SHA_256 && ChannelBinding.isAvailable(request.connection());
        return new ScramExchange(
                scram,
                Base64.getEncoder().encodeToString(nonce),
                new ScramExchange.Binding(plus, plusOffered, type -> ChannelBinding.data(request.connection(), type)),
                new ScramExchange.Accounts() {
                    @Override
                    public ScramSecret secret(String username) {
                        return authentication.scram(username, scram);
                    }

                    @Override
                    public Authentication.Result proven(ScramSecret secret, boolean right) {
                        return authentication.proven(secret, right, request.scope(), request.client());
                    }
                });
    }
}
