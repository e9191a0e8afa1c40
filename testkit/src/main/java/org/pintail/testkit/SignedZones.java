package org.pintail.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real name server (nsd) on the loopback with zones that ldns-signzone signed. Zones are added before it starts.
public final class SignedZones implements AutoCloseable {
    private static final int PATIENCE = 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private final Path directory;
    private final int port;
    private final StringBuilder zones = new StringBuilder();
    private final StringBuilder anchors = new StringBuilder();
    private @Nullable Process nsd;

    public SignedZones(Path directory) throws IOException {
        this.directory = directory;
        try (var free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    /// What is missing on this machine, "" when everything is there.
    public static String missing() {
        var absent = Stream.of("nsd", "ldns-keygen", "ldns-signzone").filter(tool -> find(tool) == null).toList();
        return absent.isEmpty() ? "" : String.join(", ", absent) + " not found (Debian: nsd, ldnsutils)";
    }

    private static @Nullable Path find(String tool) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(d -> Path.of(d, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /// `records`: lines of a zone file below SOA and NS; `from` and `to`: when its signatures hold.
    public SignedZones sign(String zone, String records, Instant from, Instant to) throws IOException, InterruptedException {
        unsigned(zone, records);
        var key = run("ldns-keygen", "-k", "-r", "/dev/urandom", "-a", "ECDSAP256SHA256", zone).strip();
        run("ldns-signzone", "-i", TIME.format(from), "-e", TIME.format(to), "-f", zone + ".zone", zone + ".zone", key);
        anchors.append(Files.readString(directory.resolve(key + ".ds")));
        return this;
    }

    public SignedZones unsigned(String zone, String records) throws IOException {
        var head = "$ORIGIN " + zone + ".\n$TTL 300\n@ SOA ns." + zone + ". host." + zone + ". 1 3600 600 86400 60\n@ NS ns." + zone + ".\nns A 127.0.0.1\n";
        Files.writeString(directory.resolve(zone + ".zone"), head + records);
        zones.append("zone:\n  name: ").append(zone).append("\n  zonefile: ").append(directory.resolve(zone + ".zone")).append('\n');
        return this;
    }

    public SignedZones start() throws IOException, InterruptedException {
        var configuration = """
                server:
                  ip-address: 127.0.0.1@%d
                  server-count: 1
                  username: ""
                  zonesdir: ""
                  database: ""
                  pidfile: "%s/nsd.pid"
                  xfrdfile: "%s/xfrd.state"
                  zonelistfile: "%s/zone.list"
                  xfrdir: "%s"
                remote-control:
                  control-enable: no
                """
                .formatted(port, directory, directory, directory, directory);
        Files.writeString(directory.resolve("nsd.conf"), configuration + zones);
        nsd = new ProcessBuilder(String.valueOf(find("nsd")), "-d", "-c", directory.resolve("nsd.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nsd.log").toFile())
                .start();
        for (int i = 0; i < PATIENCE * 20; i++) {
            if (!nsd.isAlive()) {
                break;
            }
            try (var probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return this;
            } catch (IOException e) {
                nsd.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException("nsd does not start: " + Files.readString(directory.resolve("nsd.log")));
    }

    /// `ip:port` of the name server.
    public String server() {
        return "127.0.0.1:" + port;
    }

    /// A file of DS records, one for every signed zone.
    public Path anchors() throws IOException {
        return Files.writeString(directory.resolve("anchors"), anchors);
    }

    private String run(String tool, String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of(String.valueOf(find(tool))), Stream.of(arguments)).toList();
        var log = directory.resolve("output");
        var process = new ProcessBuilder(List.copyOf(command)).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(command + ": " + Files.readString(log));
        }
        return Files.readString(log);
    }

    @Override
    public void close() {
        if (nsd == null) {
            return;
        }
        nsd.destroy();
        try {
            if (!nsd.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                nsd.destroyForcibly();
            }
        } catch (InterruptedException e) {
            nsd.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
