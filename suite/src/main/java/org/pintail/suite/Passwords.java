package org.pintail.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/// Passwords on the command line.
final class Passwords {
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 16;

    private Passwords() {}

    /// Replaces `--password-stdin` by `--password` with the first line of `in`, so that the password is in no process list.
    static List<String> fromStandardInput(List<String> args, InputStream in) throws IOException {
        int at = args.indexOf("--password-stdin");
        if (at >= 0) {
            var line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            if (line == null || line.isEmpty()) {
                throw new ConfigError("--password-stdin: expected a password on the first line of standard input");
            }
            args.set(at, "--password=" + line);
        }
        return args;
    }

    /// 16 letters and digits, none of them easily mistaken (93 bits).
    static String random() {
        var random = new SecureRandom();
        var text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
