package org.pintail.imap.order;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.envelope.UnicodeCasemap;

/// The messages of a mailbox in the order of some text of theirs.
final class TextOrder {
    private static final int BYTES_PER_MESSAGE = 60;
    private final KeptKeys<String> texts;
    /// Indexes in the order of their texts.
    private final int[] order;
    /// By index; equal texts have equal ranks.
    private final int[] ranks;
    private final long weight;

    /// `before`: that of the moment from which the texts were moved forward.
    TextOrder(KeptKeys<String> texts, @Nullable TextOrder before) {
        this.texts = texts;
        this.order = merged(before == null ? new int[0] : kept(before.order, texts.places()), sorted());
        this.ranks = new int[order.length];
        int rank = 0;
        long chars = 0;
        for (int i = 0; i < order.length; i++) {
            if (i > 0 && !text(order[i]).equals(text(order[i - 1]))) {
                rank++;
                chars += text(order[i]).length();
            }
            ranks[order[i]] = rank;
        }
        this.weight = (long) BYTES_PER_MESSAGE * order.length + 2 * chars;
    }

    private String text(int index) {
        var text = texts.of(index);
        return text == null ? "" : text;
    }

    private int compare(int a, int b) {
        int by = UnicodeCasemap.compare(text(a), text(b));
        return by != 0 ? by : Integer.compare(a, b);
    }

    /// What is new.
    private int[] sorted() {
        Comparator<Integer> byText = this::compare;
        return texts.added().stream().boxed().sorted(byText).mapToInt(Integer::intValue).toArray();
    }

    private static int[] kept(int[] order, int[] places) {
        return Arrays.stream(order).map(index -> places[index]).filter(index -> index >= 0).toArray();
    }

    private int[] merged(int[] some, int[] others) {
        var all = new int[some.length + others.length];
        int i = 0;
        int j = 0;
        while (i < some.length && j < others.length) {
            all[i + j] = compare(some[i], others[j]) < 0 ? some[i++] : others[j++];
        }
        System.arraycopy(some, i, all, i + j, some.length - i);
        System.arraycopy(others, j, all, some.length + j, others.length - j);
        return all;
    }

    KeptKeys<String> texts() {
        return texts;
    }

    /// Compares as the text of the message with this index.
    int rank(int index) {
        return ranks[index];
    }

    long weight() {
        return weight;
    }
}
