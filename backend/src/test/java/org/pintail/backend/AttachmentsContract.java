package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every [Attachments] promises.
public interface AttachmentsContract extends EngineUnderTest {
    private Attachments attachments() {
        return store().attachments();
    }

    @Test
    default void whatIsUnknownIsNotThere() {
        var unknown = Samples.sha256Hex(new byte[] {7});
        assertThat(attachments().open(unknown)).isEmpty();
        assertThat(attachments().open("no hash")).isEmpty();
        assertThat(attachments().references(unknown)).isZero();
    }

    @Test
    default void piecesAreKeptByTheirHash() throws IOException {
        var inbox = Samples.inbox(store());
        var sample = Samples.inPieces(11);
        store().messages().append(List.of(sample.message(inbox)));
        for (var piece : sample.cut().pieces()) {
            var kept = attachments().open(piece.sha256Hex()).orElseThrow();
            assertThat(kept.readAll()).isEqualTo(piece.stored().readAll());
            assertThat(attachments().references(piece.sha256Hex())).isEqualTo(1);
        }
        assertThat(attachments().count()).isEqualTo(2);
    }

    @Test
    default void everyMessageAndEveryCopyIsAReference() {
        var inbox = Samples.inbox(store());
        var other = Samples.inbox(store());
        var sample = Samples.inPieces(12);
        store().messages().append(List.of(sample.message(inbox), sample.message(other)));
        assertThat(attachments().references(sample.identityHex())).isEqualTo(2);
        store().messages().copy(inbox.id(), List.of(1L), inbox.id(), 0, null);
        assertThat(attachments().references(sample.decodedHex())).isEqualTo(3);
        store().messages().move(inbox.id(), List.of(1L), inbox.id(), null);
        assertThat(attachments().references(sample.decodedHex())).isEqualTo(3);
        assertThat(attachments().count()).isEqualTo(2);
    }

    @Test
    default void onlyWhatNobodyRefersToIsCollected() throws IOException {
        var inbox = Samples.inbox(store());
        var kept = Samples.inPieces(13);
        var gone = Samples.inPieces(14);
        store().messages().append(List.of(kept.message(inbox), gone.message(inbox)));
        store().messages().copy(inbox.id(), List.of(1L, 2L), inbox.id(), 0, null);
        store().messages().expunge(inbox.id(), List.of(1L, 2L), null);
        assertThat(attachments().collect()).isZero();
        store().messages().expunge(inbox.id(), List.of(4L), null);
        assertThat(attachments().references(gone.identityHex())).isZero();
        assertThat(attachments().collect()).isEqualTo(2);
        assertThat(attachments().open(gone.identityHex())).isEmpty();
        assertThat(attachments().count()).isEqualTo(2);
        var row = store().messages().row(inbox.id(), 3).orElseThrow();
        assertThat(store().messages().open(row).readAll()).isEqualTo(kept.raw());
    }

    @Test
    default void whatComesBackBeforeCollectionIsKept() throws IOException {
        var inbox = Samples.inbox(store());
        var sample = Samples.inPieces(15);
        store().messages().append(List.of(sample.message(inbox)));
        store().messages().expunge(inbox.id(), List.of(1L), null);
        var row = store().messages().append(List.of(sample.message(inbox))).getFirst();
        assertThat(attachments().collect()).isZero();
        assertThat(store().messages().open(row).readAll()).isEqualTo(sample.raw());
    }

    @Test
    default void deletingAMailboxOrAnAccountReleasesItsPieces() {
        var inbox = Samples.inbox(store());
        var other = Samples.inbox(store());
        store().messages().append(List.of(
                Samples.inPieces(16).message(inbox), Samples.inPieces(17).message(other)));
        store().mailboxes().delete(inbox.id());
        assertThat(attachments().references(Samples.inPieces(16).decodedHex())).isZero();
        store().messages().deleteAll(other.account());
        assertThat(attachments().references(Samples.inPieces(17).decodedHex())).isZero();
        assertThat(attachments().collect()).isEqualTo(4);
    }
}
