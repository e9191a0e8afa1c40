package org.pintail.system;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// One started server for all tests of a class; what it sends to others comes to `sink`.
abstract class AgainstOneServer {
    @TempDir
    static Path directory;

    static ServerProcess server;
    static ApiClient api;
    static CapturingServer sink;

    @BeforeAll
    static void start() throws IOException {
        sink = CapturingServer.start();
        server = ServerProcess.start(directory.resolve("data"), "delivery.route=127.0.0.1:" + sink.port());
        api = new ApiClient(server.address("api"));
    }

    @AfterAll
    static void stop() {
        server.close();
        sink.close();
        api.close();
    }
}
