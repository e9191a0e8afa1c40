package org.pintail.sasl;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.pintail.mail.Authentication;
import org.pintail.net.Connection;

/// EXTERNAL, RFC 4422 appendix A: the client's certificate says who it is. Its e-mail addresses (subject alternative names of type
/// rfc822Name) are the accounts it may be; the message is the one it wants to be, or empty for the first.
record ExternalExchange(Authentication authentication, Sasl.Request request) {
    private static final int RFC822_NAME = 1;

    Authentication.Result run(Conversation conversation) throws IOException {
        var wanted = Conversation.text(conversation.first());
        var addresses = addresses(request.connection());
        if (wanted.isEmpty()) {
            return authentication.vouched(addresses.getFirst(), "certificate", request.scope(), request.client());
        }
        var account = authentication.account(wanted);
        for (var address : addresses) {
            var allowed = authentication.account(address);
            if (account.isPresent() && allowed.isPresent() && account.get().id().equals(allowed.get().id())) {
                return authentication.vouched(address, "certificate", request.scope(), request.client());
            }
        }
        return new Authentication.Result.Failure(Authentication.Reason.CREDENTIALS, "Invalid credentials");
    }

    /// E-mail addresses of the certificate the client proved to hold; empty without one.
    static List<String> addresses(Connection connection) {
        return connection.clientCertificate().map(ExternalExchange::addresses).orElse(List.of());
    }

    private static List<String> addresses(X509Certificate certificate) {
        var found = new ArrayList<String>();
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return found;
            }
            for (var name : names) {
                if (name.get(0) instanceof Integer type && type == RFC822_NAME && name.get(1) instanceof String address) {
                    found.add(address);
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // names that cannot be read name nobody
        }
        return found;
    }
}
