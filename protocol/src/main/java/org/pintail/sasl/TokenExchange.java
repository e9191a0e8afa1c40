package org.pintail.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.pintail.mail.Authentication;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's form before it): an access token in place of a password. A token that is not
/// good is answered with JSON first, which the client acknowledges.
record TokenExchange(Authentication authentication, TokenCheck tokens, Sasl.Request request) {
    private static final Logger LOG = LoggerFactory.getLogger(TokenExchange.class);
    private static final int MAX = 8192;

    /// `gs2-header kvsep *(key "=" value kvsep) kvsep`, kvsep is %x01.
    Authentication.Result bearer(Conversation conversation) throws IOException {
        var fields = fields(conversation.first());
        var header = fields[0].split(",", -1);
        if (header.length != 3 || !header[0].equals("n") && !header[0].equals("y") || !header[2].isEmpty()) {
            throw SaslFailure.malformed("expected a GS2 header without channel binding");
        }
        var user = header[1].isEmpty() ? "" : header[1].startsWith("a=") ? ScramExchange.First.name(header[1].substring(2)) : null;
        if (user == null) {
            throw SaslFailure.malformed("expected a=");
        }
        return decide(conversation, user, token(fields), "{\"status\":\"invalid_token\"}");
    }

    /// `"user=" name %x01 "auth=Bearer " token %x01 %x01`
    Authentication.Result xoauth2(Conversation conversation) throws IOException {
        var fields = fields(conversation.first());
        if (!fields[0].startsWith("user=") || fields[0].length() == 5) {
            throw SaslFailure.malformed("expected user=");
        }
        return decide(conversation, fields[0].substring(5), token(fields), "{\"status\":\"401\",\"schemes\":\"bearer\"}");
    }

    private static String[] fields(byte[] message) {
        if (message.length > MAX) {
            throw SaslFailure.malformed("message too long");
        }
        var text = Conversation.text(message);
        if (!text.endsWith("\1\1")) {
            throw SaslFailure.malformed("expected two bytes of value 1 at the end");
        }
        return text.substring(0, text.length() - 2).split("\1", -1);
    }

    private static String token(String[] fields) {
        for (int i = 1; i < fields.length; i++) {
            if (fields[i].toLowerCase(Locale.ROOT).startsWith("auth=bearer ")) {
                return fields[i].substring("auth=bearer ".length()).strip();
            }
        }
        throw SaslFailure.malformed("expected auth=Bearer");
    }

    /// `wanted` empty: whoever the token is for. Another name must mean the same account.
    private Authentication.Result decide(Conversation conversation, String wanted, String token, String refusal) throws IOException {
        Optional<String> owner;
        try {
            owner = tokens.username(token);
        } catch (IOException e) {
            LOG.warn("token not checked session={} error={}", request.connection().session(), e.toString());
            return new Authentication.Result.Failure(Authentication.Reason.UNAVAILABLE, "Temporary authentication failure");
        }
        var account = owner.flatMap(authentication::account);
        var named = wanted.isEmpty() ? account : authentication.account(wanted);
        if (account.isEmpty() || named.isEmpty() || !account.get().id().equals(named.get().id())) {
            conversation.ask(refusal.getBytes(StandardCharsets.US_ASCII)); // the answer, %x01 or nothing, says nothing
            return new Authentication.Result.Failure(Authentication.Reason.CREDENTIALS, "Invalid credentials");
        }
        return authentication.vouched(owner.orElseThrow(), "oauth", request.scope(), request.client());
    }
}
