package org.pintail.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.pintail.mail.Collections;
import org.pintail.mime.Cut;
import org.pintail.mime.MimeParser;
import org.pintail.mime.Source;

/// Copies all that one store holds into another: documents, mailboxes with their messages and expunged uids, the queue; then compares.
/// Everything keeps its ids, uids and modseqs. What is there already stays, so an interrupted copy is simply begun again; a note in the
/// target tells that it is one.
final class StoreCopy {
    private static final Collection NOTES = new Collection("storecopies", List.of());
    private static final String STORAGE_USED = "storageUsed";
    private static final int PAGE = 500;
    private static final int MESSAGES_AT_ONCE = 100;
    private static final long BYTES_AT_ONCE = 16L << 20;
    private final Store from;
    private final Store to;
    private final Progress progress;
    private final List<String> problems = new ArrayList<>();
    private long documents;
    private long mailboxes;
    private long queued;

    StoreCopy(Store from, Store to, Progress progress) {
        this.from = from;
        this.to = to;
        this.progress = progress;
    }

    /// What was copied, what was left because nothing here speaks of it, and what was not the same afterwards (nothing, if all is well).
    record Result(
            long documents, long mailboxes, long messages, long bytes, long queued, Map<String, Long> left, List<String> problems) {}

    /// Throws [ConfigError] when the target holds something and `into` is false, unless it was left by an interrupted copy.
    Result run(boolean into) throws IOException {
        var note = to.documents().list(NOTES, null, true, 1);
        if (note.isEmpty() && !into && holdsSomething(to)) {
            throw new ConfigError("the target is not empty: expected an empty store, or --into to add to it");
        }
        if (note.isEmpty()) {
            to.documents().insert(NOTES, Document.of("_id", ObjectId.next()));
        }
        var accounts = accounts();
        long total = 0;
        for (var account : accounts) {
            total += from.mailboxes().list(account).stream().mapToLong(Mailbox::messages).sum();
        }
        progress.begin("copied", total);
        for (var collection : Collections.all()) {
            documents += copy(collection);
        }
        for (var account : accounts) {
            for (var mailbox : from.mailboxes().list(account)) {
                copy(mailbox);
            }
        }
        copyQueue();
        progress.begin("compared", total);
        compare(accounts);
        if (problems.isEmpty()) {
            to.documents().list(NOTES, null, true, PAGE).forEach(n -> to.documents().delete(NOTES, n.id()));
        }
        return new Result(documents, mailboxes, progress.done(), progress.bytes(), queued, left(), List.copyOf(problems));
    }

    /// Kinds of documents that stay behind, with how many there are.
    private Map<String, Long> left() {
        return from.others(Collections.all().stream().map(Collection::name).collect(Collectors.toSet()));
    }

    private static boolean holdsSomething(Store store) {
        return store.queue().count() > 0
                || store.documents().count(Collections.USERS) > 0
                || store.documents().count(Collections.ADDRESSES) > 0
                || store.attachments().count() > 0;
    }

    private List<AccountId> accounts() {
        var all = new ArrayList<AccountId>();
        @Nullable ObjectId after = null;
        for (var page = from.documents().list(Collections.USERS, after, true, PAGE);
                !page.isEmpty();
                page = from.documents().list(Collections.USERS, after, true, PAGE)) {
            page.forEach(u -> all.add(new AccountId(u.id())));
            after = page.getLast().id();
        }
        return all;
    }

    /// What is used is added up again by the messages.
    private static Document kept(Collection collection, Document d) {
        return collection.equals(Collections.USERS) ? d.with(STORAGE_USED, 0) : d;
    }

    private long copy(Collection collection) {
        long copied = 0;
        @Nullable ObjectId after = null;
        for (var page = from.documents().list(collection, after, true, PAGE);
                !page.isEmpty();
                page = from.documents().list(collection, after, true, PAGE)) {
            for (var d : page) {
                if (to.documents().find(collection, d.id()).isEmpty()) {
                    to.documents().insert(collection, kept(collection, d));
                }
                copied++;
            }
            after = page.getLast().id();
        }
        return copied;
    }

    private void copy(Mailbox mailbox) throws IOException {
        mailboxes++;
        to.imports().mailbox(mailbox);
        var there = uids(to.messages().rows(mailbox.id()));
        var batch = new ArrayList<Imports.Restored>();
        long size = 0;
        for (var row : from.messages().rows(mailbox.id())) {
            if (there.contains(row.uid())) {
                progress.add(1, row.size());
                continue;
            }
            batch.add(restored(mailbox, row));
            size += row.size();
            if (batch.size() == MESSAGES_AT_ONCE || size > BYTES_AT_ONCE) {
                put(batch, size);
                size = 0;
            }
        }
        put(batch, size);
        to.imports().expunged(mailbox.id(), from.messages().changes(mailbox.id(), 0).expunged());
    }

    private static java.util.Set<Long> uids(List<MessageRow> rows) {
        var uids = new java.util.HashSet<Long>();
        rows.forEach(r -> uids.add(r.uid()));
        return uids;
    }

    private void put(List<Imports.Restored> batch, long size) {
        if (!batch.isEmpty()) {
            to.imports().messages(batch);
            progress.add(batch.size(), size);
            batch.clear();
        }
    }

    private Imports.Restored restored(Mailbox mailbox, MessageRow row) throws IOException {
        var source = from.messages().open(row);
        var content = from.messages().content(row);
        var cut = Cut.of(source, MimeParser.parse(source).root());
        var message = new NewMessage(
                mailbox.account(), mailbox.id(), row.id(), row.flags(), row.internalDate(), row.sentDate(), row.thread(),
                row.hasAttachments(), row.size(), Bytes.EMPTY, cut, content.envelope(), content.bodyStructure(), content.partMap(),
                content.details(), 0, null);
        return new Imports.Restored(message, row.uid(), row.modSeq(), row.root());
    }

    private void copyQueue() {
        var byId = new LinkedHashMap<String, List<QueueRow>>();
        @Nullable QueueRow last = null;
        for (var page = from.queue().list(last, PAGE); !page.isEmpty(); page = from.queue().list(last, PAGE)) {
            page.forEach(r -> byId.computeIfAbsent(r.id(), _ -> new ArrayList<>()).add(r));
            last = page.getLast();
        }
        for (Map.Entry<String, List<QueueRow>> e : byId.entrySet()) {
            var message = from.queue().message(e.getKey());
            var body = from.queue().body(e.getKey());
            if (message.isPresent() && body.isPresent() && to.queue().message(e.getKey()).isEmpty()) {
                to.queue().enqueue(List.of(new Queue.Entry(message.get(), body.get(), e.getValue())));
            }
            if (message.isEmpty() || body.isEmpty()) {
                problems.add("queue " + e.getKey() + " has no message, " + e.getValue().size() + " recipients are left behind");
            }
            queued += e.getValue().size();
        }
    }

    private void compare(List<AccountId> accounts) throws IOException {
        for (var collection : Collections.all()) {
            same(collection.name(), from.documents().count(collection), to.documents().count(collection));
        }
        for (var account : accounts) {
            for (var mailbox : from.mailboxes().list(account)) {
                compare(mailbox);
            }
            same("usage of account " + account, from.messages().usage(account), to.messages().usage(account));
        }
        same("queue", from.queue().count(), to.queue().count());
        compareQueue();
    }

    private void same(String what, @Nullable Object was, @Nullable Object is) {
        if (!java.util.Objects.equals(was, is)) {
            problems.add(what + ": " + is + " instead of " + was);
        }
    }

    private void compare(Mailbox was) throws IOException {
        var where = "mailbox " + was.id() + " " + was.path();
        same(where, was, to.mailboxes().find(was.id()).orElse(null));
        var rows = from.messages().rows(was.id());
        var copies = to.messages().rows(was.id());
        same(where + ": messages", rows.size(), copies.size());
        for (int i = 0; i < Math.min(rows.size(), copies.size()); i++) {
            var row = rows.get(i);
            var copy = copies.get(i);
            same(where + ": uid " + row.uid(), shape(row), shape(copy));
            if (!Arrays.equals(hash(from.messages().open(row)), hash(to.messages().open(copy)))) {
                problems.add(where + ": uid " + row.uid() + " has other bytes");
            }
            progress.add(1, row.size());
        }
        same(where + ": expunged", from.messages().changes(was.id(), 0).expunged(), to.messages().changes(was.id(), 0).expunged());
    }

    /// Everything of a row that stays the same in another engine.
    private static List<Object> shape(MessageRow r) {
        return List.of(
                r.id(), r.uid(), r.modSeq(), r.flags(), r.size(), r.internalDate().toEpochMilli(), r.sentDate().toEpochMilli(), r.thread(), r.root(),
                r.hasAttachments());
    }

    private void compareQueue() throws IOException {
        @Nullable QueueRow last = null;
        for (var page = from.queue().list(last, PAGE); !page.isEmpty(); page = from.queue().list(last, PAGE)) {
            for (var row : page) {
                var copy = to.queue().rows(row.id()).stream().filter(r -> r.seq().equals(row.seq())).findFirst();
                same("queue " + row.id() + "." + row.seq(), queueShape(row), copy.map(StoreCopy::queueShape).orElse(null));
                var was = from.queue().body(row.id());
                var is = to.queue().body(row.id());
                if (was.isPresent() && (is.isEmpty() || !Arrays.equals(hash(was.get()), hash(is.get())))) {
                    problems.add("queue " + row.id() + " has another body");
                }
            }
            last = page.getLast();
        }
    }

    private static List<Object> queueShape(QueueRow r) {
        return List.of(r.recipient(), r.zone(), r.due().toEpochMilli(), r.attempts(), r.lastResponse(), r.held(), r.details());
    }

    private static byte[] hash(Source source) throws IOException {
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            source.writeTo(out);
            return out.getMessageDigest().digest();
        } catch (NoSuchAlgorithmException e) {
            throw new StoreException.Unavailable("this JDK has no SHA-256", e);
        }
    }

    /// Says now and then how far the work is.
    static class Progress {
        private static final long EVERY = 5_000_000_000L;
        private final PrintStream out;
        private String what = "";
        private long total;
        private long done;
        private long bytes;
        private long began;
        private long told;

        Progress(PrintStream out) {
            this.out = out;
        }

        void begin(String phase, long messages) {
            what = phase;
            total = messages;
            done = 0;
            bytes = 0;
            began = System.nanoTime();
            told = began;
        }

        void add(long messages, long size) {
            done += messages;
            bytes += size;
            if (System.nanoTime() - told > EVERY) {
                told = System.nanoTime();
                double seconds = (told - began) / 1e9;
                double rate = done / seconds;
                out.printf(
                        "%s %d of %d messages, %.0f/s, %.1f MB/s, about %d s left%n", what, done, total, rate, bytes / 1e6 / seconds,
                        Math.round((total - done) / Math.max(rate, 0.001)));
            }
        }

        long done() {
            return done;
        }

        long bytes() {
            return bytes;
        }
    }
}
