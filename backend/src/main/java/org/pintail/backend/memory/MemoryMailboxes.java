package org.pintail.backend.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.StoreException;

/// The mailboxes of [MailState].
final class MemoryMailboxes implements Mailboxes {
    private static final String PATH_INDEX = "user_path";
    private final MailState state;

    MemoryMailboxes(MailState state) {
        this.state = state;
    }

    @Override
    public Mailbox create(New m) {
        return state.step(() -> {
            var account = state.account(m.account());
            if (account.paths.containsKey(m.path())) {
                throw new StoreException.Duplicate(PATH_INDEX);
            }
            var id = MailboxId.next();
            var box = new Box(new Mailbox(
                    id, m.account(), m.path(), m.specialUse(), state.nextUidValidity(m.account()), 1, 1,
                    m.subscribed(), m.hidden(), m.encryptMessages(), m.retention(), List.of(), 0, 0, 0));
            state.boxes.put(id, box);
            account.paths.put(m.path(), id);
            account.journal.mailbox(Kind.CREATE, id, 1, m.path());
            state.touch(m.account());
            return box.mailbox();
        });
    }

    /// A mailbox as it was in another engine; inside a step.
    void restore(Mailbox m) {
        var account = state.account(m.account());
        if (account.paths.containsKey(m.path())) {
            throw new StoreException.Duplicate(PATH_INDEX);
        }
        state.boxes.put(m.id(), Box.restored(m));
        account.paths.put(m.path(), m.id());
        state.usedUidValidity(m.account(), m.uidValidity());
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        return state.read(() -> Optional.ofNullable(state.boxes.get(id)).map(Box::mailbox));
    }

    @Override
    public Optional<Mailbox> find(AccountId account, String path) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null
                    ? Optional.empty()
                    : Optional.ofNullable(known.paths.get(path)).map(id -> state.box(id).mailbox());
        });
    }

    @Override
    public List<Mailbox> list(AccountId account) {
        return state.read(() -> {
            var known = state.knownAccount(account);
            return known == null
                    ? List.of()
                    : known.paths.values().stream().map(id -> state.box(id).mailbox()).toList();
        });
    }

    @Override
    public void rename(List<Renaming> renamings) {
        state.step(() -> {
            refuseTaken(renamings);
            var before = new ArrayList<Mailbox>();
            for (var r : renamings) {
                var mailbox = state.box(r.mailbox()).mailbox();
                before.add(mailbox);
                state.account(mailbox.account()).paths.remove(mailbox.path());
            }
            for (int i = 0; i < before.size(); i++) {
                renamed(before.get(i), renamings.get(i).path());
            }
            return before.size();
        });
    }

    private void renamed(Mailbox before, String path) {
        var account = state.account(before.account());
        state.box(before.id()).rename(path);
        account.paths.put(path, before.id());
        account.journal.mailbox(Kind.RENAME, before.id(), before.highestModSeq(), path);
        state.touch(before.account());
    }

    /// Looks at the paths as they would be after all of it.
    private void refuseTaken(List<Renaming> renamings) {
        if (renamings.stream().map(Renaming::mailbox).distinct().count() != renamings.size()) {
            throw new IllegalArgumentException("a mailbox is renamed twice in one step");
        }
        var after = new HashMap<AccountId, HashMap<String, MailboxId>>();
        for (var r : renamings) {
            var m = state.box(r.mailbox()).mailbox();
            after.computeIfAbsent(m.account(), a -> new HashMap<>(state.account(a).paths)).remove(m.path());
        }
        for (var r : renamings) {
            var account = state.box(r.mailbox()).mailbox().account();
            if (after.getOrDefault(account, new HashMap<>()).put(r.path(), r.mailbox()) != null) {
                throw new StoreException.Duplicate(PATH_INDEX);
            }
        }
    }

    @Override
    public Mailbox update(MailboxId id, Changes changes) {
        return state.step(() -> {
            var box = state.box(id);
            box.change(changes);
            state.touch(box.mailbox().account());
            return box.mailbox();
        });
    }

    @Override
    public void delete(MailboxId id) {
        state.step(() -> {
            var box = state.box(id);
            var m = box.mailbox();
            var account = state.account(m.account());
            account.journal.mailbox(Kind.DELETE, id, m.highestModSeq(), m.path());
            remove(box);
            state.touch(m.account());
            return m;
        });
    }

    private void remove(Box box) {
        var m = box.mailbox();
        var account = state.account(m.account());
        box.messages.values().forEach(stored -> state.release(account, stored.row()));
        state.boxes.remove(m.id());
        account.paths.remove(m.path());
    }

    /// Everything of an account goes; its uidValidities are remembered.
    void removeAll(AccountId id) {
        var account = state.knownAccount(id);
        if (account != null) {
            List.copyOf(account.paths.values()).forEach(box -> remove(state.box(box)));
            state.forget(id);
            state.touch(id);
        }
    }
}
