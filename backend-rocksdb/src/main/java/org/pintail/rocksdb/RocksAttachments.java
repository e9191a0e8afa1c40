package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Attachments;
import org.pintail.mime.Source;

/// Attachments by the hash of their bytes.
final class RocksAttachments implements Attachments {
    private static final int AT_ONCE = 500;
    private static final int SHA_256 = 64;
    private final Db db;
    private final Committer committer;
    private final Bodies bodies;

    RocksAttachments(Db db, Committer committer, Bodies bodies) {
        this.db = db;
        this.committer = committer;
        this.bodies = bodies;
    }

    private static byte @Nullable [] key(String sha256Hex) {
        boolean hash = sha256Hex.length() == SHA_256 && sha256Hex.chars().allMatch(HexFormat::isHexDigit);
        return hash ? HexFormat.of().parseHex(sha256Hex) : null;
    }

    @Override
    public Optional<Source> open(String sha256Hex) {
        var key = key(sha256Hex);
        return key == null ? Optional.empty() : bodies.findAttachment(key);
    }

    @Override
    public long references(String sha256Hex) {
        var key = key(sha256Hex);
        var value = key == null ? null : db.get(Family.ATTACHMENTS, key);
        return value == null ? 0 : AttachmentRecord.decode(value).references();
    }

    @Override
    public int collect() {
        int removed = 0;
        var orphans = orphans();
        for (int from = 0; from < orphans.size(); from += AT_ONCE) {
            var some = orphans.subList(from, Math.min(orphans.size(), from + AT_ONCE));
            removed += committer.commit(txn -> remove(txn, some));
        }
        return removed;
    }

    private List<byte[]> orphans() {
        var found = new ArrayList<byte[]>();
        db.scan(Family.ATTACHMENTS, new byte[0], true, (key, value) -> AttachmentRecord.decode(value).references() > 0 || found.add(key));
        return found;
    }

    private static int remove(Txn txn, List<byte[]> keys) {
        int removed = 0;
        for (var key : keys) {
            var value = txn.get(Family.ATTACHMENTS, key);
            if (value != null && AttachmentRecord.decode(value).references() <= 0) {
                txn.delete(Family.ATTACHMENTS, key);
                txn.release(Place.Kind.ATTACHMENTS, AttachmentRecord.decode(value).place());
                removed++;
            }
        }
        return removed;
    }

    @Override
    public long count() {
        var count = new long[1];
        db.scan(Family.ATTACHMENTS, new byte[0], true, (_, _) -> ++count[0] > 0);
        return count[0];
    }
}
