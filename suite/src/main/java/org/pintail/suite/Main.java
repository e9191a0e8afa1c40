package org.pintail.suite;

import java.util.List;

/// The one command, `pintail`.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = new CommandLineInterface(System.out, System.err).run(List.of(args));
        System.out.flush();
        System.exit(status);
    }
}
