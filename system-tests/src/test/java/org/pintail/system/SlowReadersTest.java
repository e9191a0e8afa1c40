package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that ask for much and read nothing hold little: the server has 512 MB of memory, and what is asked of it here is twice as much.
class SlowReadersTest {
    private static final int ACCOUNTS = 3;
    private static final int SESSIONS = 15;
    private static final byte[] MESSAGE = ("Subject: big\r\n\r\n" + "0123456789abcdef\r\n".repeat(1_300_000)).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @Test
    void whatIsAskedForAndNotReadIsNotInMemory() throws IOException {
        try (var server = ServerProcess.start(directory.resolve("data"));
                var api = new ApiClient(server.address("api"))) {
            var slow = new ArrayList<Socket>();
            for (int i = 0; i < ACCOUNTS; i++) {
                var name = "slow" + i;
                var user = api.createUser(name, "secret", name + "@example.com");
                var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
                assertThat(api.upload(inbox, MESSAGE).status()).isEqualTo(200);
                for (int k = i == 0 ? 1 : 0; k < SESSIONS; k++) {
                    var socket = new Socket();
                    socket.setReceiveBufferSize(4096);
                    socket.connect(server.address("imap"));
                    ask(socket, name);
                    slow.add(socket);
                }
            }
            for (var socket : slow) {
                begin(socket.getInputStream());
            }
            try (var quick = new Socket(server.address("imap").getAddress(), server.port("imap"))) {
                quick.setSoTimeout(20_000);
                ask(quick, "slow0");
                begin(quick.getInputStream());
                assertThat(quick.getInputStream().readNBytes(MESSAGE.length)).isEqualTo(MESSAGE);
            }
            for (var socket : slow) {
                socket.close();
            }
            assertThat(server.log()).doesNotContain("OutOfMemoryError").doesNotContain(" ERROR ");
        }
    }

    private static void ask(Socket socket, String name) throws IOException {
        var commands = "a LOGIN " + name + " secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n";
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
    }

    /// Up to the first byte of the message.
    private static void begin(InputStream in) throws IOException {
        var line = new StringBuilder();
        do {
            line.setLength(0);
            for (int b = in.read(); b != '\n'; b = in.read()) {
                assertThat(b).as("after %s", line).isNotNegative();
                line.append((char) b);
            }
        } while (!line.toString().startsWith("* 1 FETCH (BODY[] {" + MESSAGE.length));
    }
}
