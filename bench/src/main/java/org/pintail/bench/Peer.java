package org.pintail.bench;

import java.io.IOException;

/// A contestant: running servers with the same [#USERS] accounts, `u1@bench.test` and so on, all with the password `secretpw`.
interface Peer extends AutoCloseable {
    int USERS = 40;
    String DOMAIN = "bench.test";
    String PASSWORD = "secretpw";

    String name();

    ProcessTree processes();

    int mxPort();

    int submissionPort();

    int imapPort();

    default int imapsPort() {
        throw new UnsupportedOperationException(name() + " is not measured over TLS");
    }

    default int lmtpPort() {
        throw new UnsupportedOperationException(name() + " is not measured over LMTP");
    }

    /// Blocks until nothing is queued any more.
    void awaitDelivered() throws IOException;

    @Override
    void close() throws IOException;

    static String user(int number) {
        return "u" + (number % USERS + 1);
    }
}
