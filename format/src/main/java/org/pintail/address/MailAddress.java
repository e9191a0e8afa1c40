package org.pintail.address;

import java.util.Optional;

/// An address as SMTP knows it (RFC 5321 §4.1.2, RFC 6531): `local` unquoted and in its original case, `domain` lower case,
/// Unicode form (punycode decoded), or an address literal in brackets.
public record MailAddress(String local, String domain) {
    /// Reads `local@domain` (no angle brackets, quoted local parts allowed); empty when it is no address. Limits: 64 and 255 octets.
    public static Optional<MailAddress> parse(String text) {
        throw new UnsupportedOperationException();
    }

    /// The form that goes on the wire, quoted where needed.
    @Override
    public String toString() {
        throw new UnsupportedOperationException();
    }

    /// Domain as A-labels (punycode).
    public String asciiDomain() {
        throw new UnsupportedOperationException();
    }

    /// Normal form: NFC, lower case, label kept (`../reference/http-api.md` §5).
    public String normalized() {
        throw new UnsupportedOperationException();
    }

    /// Without `+label`.
    public MailAddress withoutLabel() {
        throw new UnsupportedOperationException();
    }

    /// The key an address is looked up by: normal form, no label, no dots in the local part (`addrview`).
    public String view() {
        throw new UnsupportedOperationException();
    }

    /// The dotless key of a user name or address: lower case, dots before the first `@` removed (`unameview`).
    public static String usernameView(String username) {
        throw new UnsupportedOperationException();
    }
}
