package org.pintail.backend.memory;

import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;

/// Imports into [MailState].
final class MemoryImports implements Imports {
    private final MailState state;

    MemoryImports(MailState state) {
        this.state = state;
    }

    @Override
    public void mailbox(Mailbox mailbox) {
        state.step(() -> {
            if (!state.boxes.containsKey(mailbox.id())) {
                new MemoryMailboxes(state).restore(mailbox);
            }
            return mailbox;
        });
    }

    @Override
    public int messages(List<Restored> messages) {
        var arrivals = new ArrayList<Arrival>();
        messages.forEach(m -> arrivals.add(Arrival.of(m.message())));
        return state.step(() -> {
            int added = 0;
            messages.forEach(m -> state.box(m.message().mailbox()));
            for (int i = 0; i < arrivals.size(); i++) {
                var m = messages.get(i);
                if (!state.box(m.message().mailbox()).messages.containsKey(m.uid())) {
                    arrivals.get(i).restoredInto(state, m);
                    added++;
                }
            }
            return added;
        });
    }

    @Override
    public void expunged(MailboxId mailbox, List<MailboxChanges.Expunged> expunged) {
        state.step(() -> {
            var known = state.box(mailbox).expunged;
            expunged.stream().filter(e -> !known.contains(e)).forEach(known::add);
            return mailbox;
        });
    }
}
