package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Path;

/// What the demo prints: how to log in, ready to paste.
record DemoGuide(Suite suite, Path data, Path outgoing) {
    static final String ALICE = "alice";
    static final String BOB = "bob";
    static final String PASSWORD = "pintail-demo";

    String text() throws IOException {
        return """

                Pintail demo. Accounts: alice@%1$s and bob@%1$s, password for both: %2$s
                Everything is on loopback with a self-signed certificate. Outgoing mail lands in %3$s

                Look at the mail:
                  curl -s imap://%4$s/INBOX -u alice:%2$s -X 'FETCH 1:* (FLAGS ENVELOPE)'
                  curl -s 'imap://%4$s/INBOX;MAILINDEX=1' -u alice:%2$s
                  curl -sk imaps://%5$s/INBOX -u alice:%2$s -X 'STATUS INBOX (MESSAGES UNSEEN)'
                  curl -s pop3://%6$s/1 -u alice:%2$s

                Use the HTTP API:
                  TOKEN=%7$s
                  curl -s -H "X-Access-Token: $TOKEN" http://%8$s/users
                  curl -s http://%8$s/openapi.json | head

                Receive and send:
                  swaks --server %9$s --from you@example.com --to alice@%1$s --header 'Subject: hello'
                  swaks --server %10$s --tls-optional --auth PLAIN --auth-user alice --auth-password %2$s \\
                        --from alice@%1$s --to friend@example.org --header 'Subject: out it goes'
                  (a recipient bounce@… is refused by the other side: a delivery report comes back)

                mutt:
                  mutt -e 'set ssl_force_tls=no ssl_starttls=no folder=imap://alice:%2$s@%4$s/ spoolfile=+INBOX'

                Thunderbird: IMAP server 127.0.0.1 port %11$d, SSL/TLS, normal password, user alice;
                             SMTP server 127.0.0.1 port %12$d, STARTTLS, normal password, user alice.

                Data: %13$s   Stop with Ctrl-C.
                """
                .formatted(
                        suite.hostname(),
                        PASSWORD,
                        outgoing,
                        at("imap"),
                        at("imaps"),
                        at("pop3"),
                        ApiToken.of(data),
                        at("api"),
                        at("mx"),
                        at("submission"),
                        suite.address("imaps").getPort(),
                        suite.address("submission").getPort(),
                        data);
    }

    private String at(String listener) {
        return org.pintail.suite.Addresses.show(suite.address(listener));
    }
}
