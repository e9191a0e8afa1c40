package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// The API's access token: made once, kept in the data directory with mode 0600.
final class ApiToken {
    private static final int BYTES = 20;

    private ApiToken() {}

    static Path file(Path data) {
        return data.resolve("api-token");
    }

    static String of(Path data) throws IOException {
        var file = file(data);
        if (!Files.exists(file)) {
            var bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(file, options, owner)) {
                var text = HexFormat.of().formatHex(bytes) + "\n";
                channel.write(java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            }
        }
        return Files.readString(file).strip();
    }
}
