package org.pintail.backend.memory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.Imports;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mime.Cut;
import org.pintail.mime.Rebuilt;
import org.pintail.mime.Source;

/// A message about to be appended, its pieces read into memory.
record Arrival(NewMessage message, List<Read> pieces, Document details) {
    /// A piece and its bytes as a source that lasts.
    record Read(Cut.Piece piece, Source stored) {}

    static Arrival of(NewMessage m) {
        var pieces = new ArrayList<Read>();
        for (var p : m.cut().pieces()) {
            try {
                pieces.add(new Read(p, Source.of(p.stored().readAll())));
            } catch (IOException failed) {
                throw new StoreException.Unavailable("attachment " + p.sha256Hex() + " cannot be read", failed);
            }
        }
        return new Arrival(m, pieces, kept(m.details()));
    }

    /// As any engine would give it back.
    static Document kept(Document details) {
        return DocumentCodec.decode(DocumentCodec.encode(details));
    }

    /// Puts the message in its mailbox. Everything was checked before.
    MessageRow into(MailState state) {
        var box = state.box(message.mailbox());
        var account = state.account(message.account());
        var row = new MessageRow(
                message.id(), message.mailbox(), box.nextUid(), box.nextModSeq(), message.flags(), message.size(),
                message.internalDate(), message.sentDate(), message.thread(), message.id().value(), ObjectId.next(),
                message.hasAttachments());
        state.contents.put(row.content(), content(state));
        box.add(new Box.Stored(row, details));
        account.byId.put(row.id(), row);
        account.usage += row.size();
        account.journal.exists(row, message.session());
        state.touch(message.account());
        return row;
    }

    /// Puts the message where it was in another engine.
    void restoredInto(MailState state, Imports.Restored at) {
        var account = state.account(message.account());
        var row = new MessageRow(
                message.id(), message.mailbox(), at.uid(), at.modSeq(), message.flags(), message.size(), message.internalDate(),
                message.sentDate(), message.thread(), at.root(), ObjectId.next(), message.hasAttachments());
        state.contents.put(row.content(), content(state));
        state.box(message.mailbox()).add(new Box.Stored(row, details));
        account.byId.put(row.id(), row);
        account.usage += row.size();
    }

    private MailState.Content content(MailState state) {
        var kept = new ArrayList<MailState.Piece>();
        for (var read : pieces) {
            var p = read.piece();
            var bytes = state.pieces.keep(p.sha256Hex(), read.stored());
            kept.add(new MailState.Piece(
                    p.sha256Hex(),
                    new Rebuilt.Piece(p.at(), p.encodedSize(), p.lineLength(), p.finalBreak(), bytes)));
        }
        var content = new MailState.Content(
                message.envelope(), message.bodyStructure(), message.partMap(),
                Source.of(message.head().unsafeArray()), Source.of(message.cut().skeletonBytes()), kept);
        content.messages = 1;
        return content;
    }
}
