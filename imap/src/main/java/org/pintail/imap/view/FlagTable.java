package org.pintail.imap.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.pintail.backend.Flags;
import org.pintail.imap.wire.Responses;

/// The combinations of flags that occur in a mailbox, numbered: a message's flags are a small number, and what FETCH says about them is rendered
/// once for all messages that have them. Numbers stay as they are; safe for several threads.
final class FlagTable {
    private static final int FIRST = 8;
    private final ConcurrentHashMap<Flags, Integer> numbers = new ConcurrentHashMap<>();
    private volatile Entry[] entries = new Entry[FIRST];
    private volatile int size;

    private record Entry(Flags flags, byte[] rendered) {}

    int number(Flags flags) {
        var known = numbers.get(flags);
        return known == null ? add(flags) : known;
    }

    private synchronized int add(Flags flags) {
        var known = numbers.get(flags);
        if (known != null) {
            return known;
        }
        int number = size;
        var grown = number < entries.length ? entries : Arrays.copyOf(entries, 2 * number);
        grown[number] = new Entry(flags, render(flags));
        entries = grown; // publishes the entry
        size = number + 1;
        numbers.put(flags, number);
        return number;
    }

    private static byte[] render(Flags flags) {
        var bytes = new ByteArrayOutputStream();
        try {
            var out = new Responses(bytes);
            out.flags(flags);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    Flags flags(int number) {
        return entries[number].flags();
    }

    /// `(\Seen $Forwarded)`; not to be changed.
    byte[] rendered(int number) {
        return entries[number].rendered();
    }

    int size() {
        return size;
    }
}
