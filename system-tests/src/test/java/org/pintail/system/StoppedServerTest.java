package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator and the service manager see when the server is told to end.
class StoppedServerTest {
    @Test
    void aServerThatIsToldToEndSaysGoodbyeAndEndsWithStatusZero(@TempDir Path data) throws IOException {
        try (var server = ServerProcess.start(data);
                var client = new LineClient(server.address("imap"))) {
            assertThat(client.read()).startsWith("* OK");
            assertThat(server.stop()).as(server.log()).isZero();
            assertThat(data.resolve("admin.sock")).doesNotExist();
        }
    }
}
