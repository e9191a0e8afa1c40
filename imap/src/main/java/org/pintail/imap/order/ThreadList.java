package org.pintail.imap.order;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.pintail.imap.wire.Responses;

/// Threads as they are answered, but for the numbers of the messages: their indexes stand here.
///
///     thread-list    = "(" (thread-members / thread-nested) ")"
///     thread-members = nz-number *(SP nz-number) [SP thread-nested]
///     thread-nested  = 2*thread-list
public final class ThreadList {
    /// How they are made.
    public enum Algorithm {
        ORDEREDSUBJECT,
        REFERENCES,
        REFS
    }

    private static final int OPEN = -1;
    private static final int CLOSE = -2;
    private int[] words;
    private int used;

    private ThreadList(int size) {
        words = new int[size];
    }

    /// Nothing here recurses: a thread may be as deep as the mailbox is large.
    public static ThreadList of(List<ThreadNode> roots) {
        var list = new ThreadList(4 * roots.size() + 16);
        roots.forEach(list::add);
        list.words = Arrays.copyOf(list.words, list.used);
        return list;
    }

    private void add(ThreadNode root) {
        var open = new ArrayDeque<Iterator<ThreadNode>>();
        var at = root;
        while (true) {
            put(OPEN);
            at = chain(at);
            if (!at.children().isEmpty()) {
                open.push(at.children().iterator());
            } else {
                put(CLOSE);
            }
            while (!open.isEmpty() && !open.getFirst().hasNext()) {
                open.pop();
                put(CLOSE);
            }
            if (open.isEmpty()) {
                return;
            }
            at = open.getFirst().next();
        }
    }

    /// Messages as long as each has one child; what comes back has none or several.
    private ThreadNode chain(ThreadNode first) {
        var at = first;
        while (true) {
            if (!at.isDummy()) {
                put(at.index());
            }
            if (at.children().size() != 1) {
                return at;
            }
            at = at.children().getFirst();
        }
    }

    private void put(int word) {
        if (used == words.length) {
            words = Arrays.copyOf(words, 2 * used);
        }
        words[used++] = word;
    }

    public boolean isEmpty() {
        return used == 0;
    }

    /// `numbers`: of an index, as the client knows it.
    public void write(IntToLongFunction numbers, Responses out) throws IOException {
        boolean afterNumber = false;
        for (int i = 0; i < used; i++) {
            int word = words[i];
            if (afterNumber && word != CLOSE) {
                out.sp();
            }
            afterNumber = word >= 0;
            if (word >= 0) {
                out.number(numbers.applyAsLong(word));
            } else {
                out.put(word == OPEN ? '(' : ')');
            }
        }
    }

    long weight() {
        return 4L * words.length;
    }
}
