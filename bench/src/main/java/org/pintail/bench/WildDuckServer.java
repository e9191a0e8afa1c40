package org.pintail.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// WildDuck as it comes from npm, one process, its log silent but for errors, rate limits and new-mail services off.
final class WildDuckServer implements Peer {
    private final Process process;
    private final int imap;
    private final int lmtp;

    private WildDuckServer(Process process, int imap, int lmtp) {
        this.process = process;
        this.imap = imap;
        this.lmtp = lmtp;
    }

    /// `installed`: where `npm install node @zone-eu/wildduck` was run.
    static WildDuckServer start(Path installed, Path directory, SharedServers shared) throws IOException {
        int api = Ports.free();
        int imap = Ports.free();
        int lmtp = Ports.free();
        var config = directory.resolve("wildduck.toml");
        Files.writeString(
                config,
                """
                [log]
                level = "error"
                skipFetchLog = true
                [dbs]
                mongo = "%s"
                redis = "redis://127.0.0.1:%d/3"
                sender = "%s"
                [api]
                host = "127.0.0.1"
                port = %d
                [imap]
                host = "127.0.0.1"
                port = %d
                secure = false
                disableSTARTTLS = true
                maxConnections = 1000
                [pop3]
                enabled = false
                [lmtp]
                enabled = true
                host = "127.0.0.1"
                port = %d
                [metrics]
                enabled = false
                """
                        .formatted(
                                shared.url("wildduck"), shared.redisPort(), shared.database("zone"), api, imap, lmtp));
        var home = installed.resolve("node_modules/@zone-eu/wildduck");
        var process = new ProcessBuilder(
                        installed.resolve("node_modules/node/bin/node").toString(), home.resolve("server.js").toString(), "--config=" + config)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("wildduck.log").toFile()))
                .start();
        for (int port : List.of(api, imap, lmtp)) {
            Ports.awaitListener(port);
        }
        makeAccounts(api);
        return new WildDuckServer(process, imap, lmtp);
    }

    private static void makeAccounts(int api) throws IOException {
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < USERS; i++) {
                var user = Peer.user(i);
                var body = "{\"username\":\"%s\",\"password\":\"%s\",\"address\":\"%s@%s\",\"quota\":100000000000}"
                        .formatted(user, PASSWORD, user, DOMAIN);
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + "/users"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new IOException("WildDuck did not make " + user + ": " + answer.body());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public String name() {
        return "WildDuck";
    }

    @Override
    public ProcessTree processes() {
        return ProcessTree.of(process);
    }

    @Override
    public int mxPort() {
        throw new UnsupportedOperationException("WildDuck has no MX");
    }

    @Override
    public int submissionPort() {
        throw new UnsupportedOperationException("WildDuck has no submission");
    }

    @Override
    public int imapPort() {
        return imap;
    }

    @Override
    public int lmtpPort() {
        return lmtp;
    }

    /// A reply means that it is in the mailbox.
    @Override
    public void awaitDelivered() {}

    @Override
    public void close() {
        Tool.end(process);
    }
}
