package org.pintail.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The same work at Pintail and at its peer, in turn: A B A B. Ratios are taken pair by pair, so that a machine that slows down slows both.
record Pairs(List<Sample> pintail, List<Sample> peer) {
    /// One run at one contestant.
    interface Run {
        Sample at(Peer peer) throws IOException;
    }

    Pairs {
        pintail = List.copyOf(pintail);
        peer = List.copyOf(peer);
    }

    /// `peers`: Pintail, then the other if there is one. The first round is not counted.
    static Pairs measure(List<Peer> peers, int rounds, Run run) throws IOException {
        return measure(peers, 1, rounds, run);
    }

    /// `before`: rounds that are not counted. A JVM compiles what it does often while it does it, and for a while afterwards: all come to rest then.
    static Pairs measure(List<Peer> peers, int before, int rounds, Run run) throws IOException {
        List<List<Sample>> samples = new ArrayList<>();
        for (var _ : List.of(0, 1)) {
            samples.add(new ArrayList<>());
        }
        for (int round = 0; round < before + rounds; round++) {
            if (round == before) {
                for (var peer : peers) {
                    peer.processes().rest();
                }
            }
            for (int i = 0; i < peers.size(); i++) {
                var sample = run.at(peers.get(i));
                if (round >= before) {
                    samples.get(i).add(sample);
                }
            }
        }
        return new Pairs(samples.get(0), samples.get(1));
    }

    String pintail(String format, ToDoubleFunction<Sample> figure) {
        return number(format, pintail, figure);
    }

    String peer(String format, ToDoubleFunction<Sample> figure) {
        return peer.isEmpty() ? "–" : number(format, peer, figure);
    }

    private static String number(String format, List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return String.format(Locale.ROOT, format, median(samples.stream().mapToDouble(figure).toArray()));
    }

    /// Pintail's figure divided by the peer's: median [smallest–largest].
    String ratio(ToDoubleFunction<Sample> figure) {
        return ratio(pintail, peer, figure);
    }

    /// The peer's figure divided by Pintail's: how many times less Pintail needs.
    String times(ToDoubleFunction<Sample> figure) {
        return ratio(peer, pintail, figure);
    }

    private String ratio(List<Sample> some, List<Sample> others, ToDoubleFunction<Sample> figure) {
        if (peer.isEmpty()) {
            return "–";
        }
        var ratios = new double[some.size()];
        for (int i = 0; i < ratios.length; i++) {
            if (figure.applyAsDouble(others.get(i)) == 0) {
                return "–"; // less than the kernel counts
            }
            ratios[i] = figure.applyAsDouble(some.get(i)) / figure.applyAsDouble(others.get(i));
        }
        double median = median(ratios);
        java.util.Arrays.sort(ratios);
        var format = median < 1 ? "%.2f [%.2f–%.2f]" : "%.1f [%.1f–%.1f]";
        return String.format(Locale.ROOT, format, median, ratios[0], ratios[ratios.length - 1]);
    }

    static double median(double[] values) {
        var sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
