package org.pintail.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What to measure.
///
/// @param rounds measured pairs per row; one more goes before, unmeasured
/// @param messages of one round at Pintail; the peer gets a fifth, since it takes longer for each
/// @param withPeer false: Pintail alone, for profiling
/// @param jar directory with Pintail's jars
/// @param mongodb an empty database for the benchmarks that need one, "" for none
/// @param lines only rows in whose title this regular expression is found, where a benchmark heeds it
/// @param javaOptions more options for Pintail's JVM, for profiling
record Options(List<String> benchmarks, int rounds, int messages, boolean withPeer, Path jars, String mongodb, String lines, List<String> javaOptions) {
    Options {
        benchmarks = List.copyOf(benchmarks);
        javaOptions = List.copyOf(javaOptions);
    }

    static Options parse(String[] args, List<String> known) {
        var benchmarks = new ArrayList<String>();
        int rounds = 3;
        int messages = 10_000;
        boolean withPeer = true;
        var jars = Path.of("suite", "target", "lib").toAbsolutePath(); // the start-up cache holds for this class path only
        var mongodb = "";
        var lines = "";
        var javaOptions = new ArrayList<String>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--messages" -> messages = Integer.parseInt(args[++i]);
                case "--only-pintail" -> withPeer = false;
                case "--jars" -> jars = Path.of(args[++i]);
                case "--mongodb" -> mongodb = args[++i];
                case "--lines" -> lines = args[++i];
                case "--java" -> javaOptions.addAll(Arrays.asList(args[++i].split(" ")));
                default -> {
                    if (!known.contains(args[i])) {
                        throw new IllegalArgumentException("\"" + args[i] + "\": expected some of " + known + " and options, see --help");
                    }
                    benchmarks.add(args[i]);
                }
            }
        }
        return new Options(benchmarks.isEmpty() ? known : benchmarks, rounds, messages, withPeer, jars, mongodb, lines, javaOptions);
    }

    /// The same with one more option for Pintail's JVM.
    Options with(String javaOption) {
        var more = new ArrayList<>(javaOptions);
        more.add(javaOption);
        return new Options(benchmarks, rounds, messages, withPeer, jars, mongodb, lines, more);
    }

    int messages(Peer peer) {
        return share(peer, messages);
    }

    /// A fifth for the peer.
    static int share(Peer peer, int messages) {
        return peer instanceof PintailServer ? messages : Math.max(200, messages / 5);
    }
}
