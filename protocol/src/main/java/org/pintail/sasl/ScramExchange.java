package org.pintail.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.pintail.backend.Bytes;
import org.pintail.mail.Authentication;
import org.pintail.mail.Scram;
import org.pintail.mail.ScramSecret;

/// SCRAM, RFC 5802 §5 and §7, on the server's side. IMAP, POP3 and SMTP have no room for data beside success, so the server's last message is
/// a challenge that the client answers with nothing.
///
///     client-first = gs2-header "n=" saslname ",r=" nonce [extensions]
///     server-first = "r=" nonce ",s=" salt ",i=" rounds
///     client-final = "c=" base64(gs2-header binding) ",r=" nonce [extensions] ",p=" base64
///     server-final = "v=" base64
final class ScramExchange {
    private static final int MAX = 4096;
    private final Scram scram;
    private final String ownNonce;
    private final Binding binding;
    private final Accounts accounts;

    /// `required`: the mechanism is a -PLUS. `offered`: a -PLUS was offered beside this one.
    record Binding(boolean required, boolean offered, Data data) {
        interface Data {
            Optional<byte[]> of(String type);
        }
    }

    /// Where keys come from and who decides.
    interface Accounts {
        ScramSecret secret(String username);

        Authentication.Result proven(ScramSecret secret, boolean right);
    }

    ScramExchange(Scram scram, String ownNonce, Binding binding, Accounts accounts) {
        this.scram = scram;
        this.ownNonce = ownNonce;
        this.binding = binding;
        this.accounts = accounts;
    }

    Authentication.Result run(Conversation conversation) throws IOException {
        var first = First.parse(message(conversation.first()));
        var bound = bound(first);
        var secret = accounts.secret(first.username());
        var keys = secret.keys();
        var nonce = first.nonce() + ownNonce;
        var base64 = Base64.getEncoder();
        var serverFirst = "r=" + nonce + ",s=" + base64.encodeToString(keys.salt().toArray()) + ",i=" + keys.rounds();
        var last = Last.parse(message(conversation.ask(serverFirst.getBytes(StandardCharsets.UTF_8))));
        var signed = (first.bare() + "," + serverFirst + "," + last.withoutProof()).getBytes(StandardCharsets.UTF_8);
        boolean right = proves(keys, signed, last.proof().toArray())
                & last.nonce().equals(nonce)
                & MessageDigest.isEqual(last.channel().toArray(), bound)
                & first.authorisation().map(a -> a.equals(first.username())).orElse(true);
        var result = accounts.proven(secret, right);
        if (result instanceof Authentication.Result.Success) {
            var signature = scram.hmac(keys.serverKey().toArray(), signed);
            if (conversation.ask(("v=" + base64.encodeToString(signature)).getBytes(StandardCharsets.UTF_8)).length > 0) {
                throw SaslFailure.malformed("expected an empty answer");
            }
        }
        return result;
    }

    /// RFC 5802 §3: ClientKey is the proof XOR the signature, and its hash must be the StoredKey.
    private boolean proves(Scram.Keys keys, byte[] signed, byte[] proof) {
        var key = scram.hmac(keys.storedKey().toArray(), signed);
        if (proof.length != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            key[i] ^= proof[i];
        }
        return MessageDigest.isEqual(scram.hash(key), keys.storedKey().toArray());
    }

    /// What `c=` must say: the header, and with `p=` the data of the channel. RFC 5802 §6: a client that can bind and believes the server
    /// cannot ("y") has been lied to when it was offered.
    private byte[] bound(First first) {
        var header = first.header().getBytes(StandardCharsets.UTF_8);
        if (first.header().charAt(0) != 'p') {
            if (binding.required() || first.header().charAt(0) == 'y' && binding.offered()) {
                throw SaslFailure.malformed("expected channel binding");
            }
            return header;
        }
        var data = binding.required() ? binding.data().of(first.bindingType()) : Optional.<byte[]>empty();
        if (data.isEmpty()) {
            throw SaslFailure.malformed("channel binding of that type is not supported here");
        }
        var both = Arrays.copyOf(header, header.length + data.get().length);
        System.arraycopy(data.get(), 0, both, header.length, data.get().length);
        return both;
    }

    private static String message(byte[] bytes) {
        if (bytes.length > MAX) {
            throw SaslFailure.malformed("message too long");
        }
        return Conversation.text(bytes);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw SaslFailure.malformed("expected base64");
        }
    }

    /// The value of an attribute such as `r=`, which must be there.
    private static String attribute(String part, char name) {
        if (part.length() < 2 || part.charAt(0) != name || part.charAt(1) != '=') {
            throw SaslFailure.malformed("expected " + name + "=");
        }
        return part.substring(2);
    }

    /// `gs2-header = ("p=" type / "n" / "y") "," ["a=" saslname] ","`
    record First(String header, String bindingType, Optional<String> authorisation, String bare, String username, String nonce) {
        static First parse(String message) {
            int flagEnd = message.indexOf(',');
            int headerEnd = flagEnd < 0 ? -1 : message.indexOf(',', flagEnd + 1);
            if (headerEnd < 0) {
                throw SaslFailure.malformed("expected a GS2 header");
            }
            var flag = message.substring(0, flagEnd);
            var type = flag.startsWith("p=") ? flag.substring(2) : "";
            if (type.isEmpty() && !flag.equals("n") && !flag.equals("y")) {
                throw SaslFailure.malformed("expected n, y or p=");
            }
            var authzid = message.substring(flagEnd + 1, headerEnd);
            var authorisation = authzid.isEmpty() ? Optional.<String>empty() : Optional.of(name(attribute(authzid, 'a')));
            var bare = message.substring(headerEnd + 1);
            var parts = bare.split(",", -1); // "m=" in front is an extension nobody knows, and not "n="
            if (parts.length < 2) {
                throw SaslFailure.malformed("expected n= and r=");
            }
            var username = name(attribute(parts[0], 'n'));
            return new First(message.substring(0, headerEnd + 1), type, authorisation, bare, username, nonce(attribute(parts[1], 'r')));
        }

        /// `=2C` is a comma, `=3D` an equals sign; no other `=` may stand there.
        static String name(String saslname) {
            var name = saslname.replace("=2C", ",").replace("=3D", "\0");
            if (name.indexOf('=') >= 0 || name.isEmpty() || saslname.indexOf('\0') >= 0) {
                throw SaslFailure.malformed("expected a user name");
            }
            return name.replace('\0', '=');
        }

        private static String nonce(String text) {
            if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw SaslFailure.malformed("expected a nonce");
            }
            return text;
        }
    }

    /// The client's second message.
    record Last(String withoutProof, Bytes channel, String nonce, Bytes proof) {
        static Last parse(String message) {
            int proof = message.lastIndexOf(",p=");
            if (proof < 0) {
                throw SaslFailure.malformed("expected p=");
            }
            var parts = message.substring(0, proof).split(",", -1);
            if (parts.length < 2) {
                throw SaslFailure.malformed("expected c= and r=");
            }
            return new Last(
                    message.substring(0, proof),
                    Bytes.wrap(base64(attribute(parts[0], 'c'))),
                    attribute(parts[1], 'r'),
                    Bytes.wrap(base64(message.substring(proof + 3))));
        }
    }
}
