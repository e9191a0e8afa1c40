package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.PartialRange;
import org.pintail.mail.Refusal;

/// What SEARCH and SORT are to answer: RFC 4731 §3.1, SAVE: RFC 5182, PARTIAL: RFC 9394, UPDATE and CONTEXT: RFC 5267.
///
///     return-opts = "RETURN" SP "(" [return-opt *(SP return-opt)] ")"
///     return-opt  = "MIN" / "MAX" / "ALL" / "COUNT" / "SAVE" / "UPDATE" [SP "(" fetch-att *(SP fetch-att) ")"] / "CONTEXT" /
///                   "PARTIAL" SP partial-range
///
/// @param news what is told of new messages that come into the result (RFC 5465 §7)
record ReturnOptions(Set<Item> items, @Nullable PartialRange partial, List<FetchItem> news) {
    /// What IMAP4rev2 answers where nothing else was asked for (RFC 9051 §6.4.4).
    static final ReturnOptions ALL = new ReturnOptions(Set.of(Item.ALL), null, List.of());

    enum Item {
        MIN,
        MAX,
        ALL,
        COUNT,
        SAVE,
        UPDATE,
        CONTEXT,
        PARTIAL
    }

    ReturnOptions {
        items = Set.copyOf(items);
        news = List.copyOf(news);
    }

    /// Null when there are none; then the answer is that of RFC 3501. Called at the space in front of them.
    static @Nullable ReturnOptions parse(ImapReader in) throws IOException {
        if (!in.looksAt(" RETURN ")) {
            return null;
        }
        in.sp();
        in.word();
        in.sp();
        var items = EnumSet.noneOf(Item.class);
        var partial = new PartialRange[1];
        var news = new ArrayList<FetchItem>();
        in.list(() -> {
            var item = item(in.word());
            if (item == Item.PARTIAL) {
                in.sp();
                var range = PartialRange.parse(in);
                if (partial[0] != null) {
                    throw new BadCommand("PARTIAL can be given once");
                }
                partial[0] = range;
            }
            if (item == Item.UPDATE && (in.looksAt(" (") || in.peek() == '(')) {
                in.accept(' '); // QUIRK: the examples of RFC 5465 §7 have a space here, its grammar (§8) has none
                news.addAll(FetchItem.parse(in));
            }
            items.add(item);
            return item;
        });
        if (items.isEmpty()) {
            items.add(Item.ALL);
        }
        if (items.contains(Item.PARTIAL) && items.contains(Item.ALL)) {
            throw new BadCommand("PARTIAL and ALL exclude each other");
        }
        return new ReturnOptions(items, partial[0], news);
    }

    private static Item item(String word) {
        return Arrays.stream(Item.values())
                .filter(i -> i.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new BadCommand("Unknown return option"));
    }

    boolean has(Item item) {
        return items.contains(item);
    }

    /// Runs a search that answers to `options`. One with SAVE that fails leaves `$` empty (RFC 5182 §2.1).
    static Reply keeping(@Nullable ReturnOptions options, SelectedMailbox selected, Search search) throws IOException {
        try {
            return search.run();
        } catch (No | StoreException | Refusal failed) {
            if (options != null && options.has(Item.SAVE)) {
                selected.save(new BitSet());
            }
            throw failed;
        }
    }

    /// From what it refuses to what it answers.
    interface Search {
        Reply run() throws IOException;
    }

    /// SAVE alone is not answered.
    boolean answers() {
        return !items.equals(Set.of(Item.SAVE));
    }

    /// The results this names, out of all: what SAVE keeps (RFC 5182 §2.4, RFC 9394 §3.2), and what a MODSEQ in the answer is about (RFC 7162 §3.1.5).
    List<Integer> chosen(List<Integer> found) {
        if (found.isEmpty() || has(Item.ALL) || has(Item.COUNT) || !has(Item.MIN) && !has(Item.MAX) && partial == null) {
            return found;
        }
        var chosen = new BitSet();
        if (has(Item.MIN)) {
            chosen.set(found.getFirst());
        }
        if (has(Item.MAX)) {
            chosen.set(found.getLast());
        }
        if (partial != null) {
            partial.of(found).forEach(chosen::set);
        }
        return chosen.stream().boxed().toList();
    }
}
