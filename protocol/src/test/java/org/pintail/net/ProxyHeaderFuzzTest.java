package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Any bytes name a client or end the connection.
class ProxyHeaderFuzzTest {
    @TempDir
    static Path directory = Path.of(".");

    private static @Nullable Rehearsal rehearsal;

    @BeforeAll
    static void open() throws IOException {
        rehearsal = new Rehearsal(directory);
    }

    @AfterAll
    static void close() {
        if (rehearsal != null) {
            rehearsal.close();
        }
    }

    @FuzzTest
    void anyBytesNameAClientOrEndTheConnection(byte @Nullable [] bytes) {
        if (bytes != null && rehearsal != null) {
            rehearsal.serve(bytes, connection -> {
                ProxyHeader.read(connection);
                assertThat(connection.remote().getAddress()).isNotNull();
                assertThat(connection.remoteIp()).isNotEmpty();
            });
        }
    }
}
