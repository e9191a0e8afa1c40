package org.pintail.imap.order;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.view.Columns;

/// Something about each message of a mailbox at one moment, by index, that has to be read from the store.
///
/// @param places where the messages of the moment before stand in this one, -1 where they do not
/// @param added those that were not there at the moment before
public record KeptKeys<K>(Columns columns, List<@Nullable K> keys, int[] places, BitSet added) {
    /// Finds the keys of messages, by index; those it leaves out are gone.
    interface Reading<K> {
        void read(BitSet wanted, Found<K> found) throws IOException;
    }

    interface Found<K> {
        void found(int index, K key);
    }

    /// As it is now: what was known stays, the rest is read. Null when that were more than `most`.
    ///
    /// @param before null when nothing is known
    static <K> @Nullable KeptKeys<K> of(Columns now, @Nullable KeptKeys<K> before, int most, Reading<K> reading) throws IOException {
        var keys = new ArrayList<@Nullable K>(Collections.nCopies(now.count(), null));
        var added = new BitSet(now.count());
        added.set(0, now.count());
        var places = before == null ? new int[0] : before.columns.placesIn(now);
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) {
                keys.set(places[i], Objects.requireNonNull(before).keys.get(i));
                added.clear(places[i]);
            }
        }
        if (added.cardinality() > most) {
            return null;
        }
        if (!added.isEmpty()) {
            reading.read(added, keys::set);
        }
        return new KeptKeys<>(now, keys, places, added);
    }

    /// Null of a message that went while it was read.
    public @Nullable K of(int index) {
        return keys.get(index);
    }
}
