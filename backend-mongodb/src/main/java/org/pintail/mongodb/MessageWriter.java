package org.pintail.mongodb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;
import org.pintail.backend.NewMessage;
import org.pintail.backend.StoreException;
import org.pintail.mime.Cut;
import org.pintail.mime.MimePart;
import org.pintail.mime.Rebuilt;
import org.pintail.mime.Sha256;
import org.pintail.mime.Source;
import org.pintail.mongodb.MongoAttachments.Part;

/// Makes the document of a new message: the tree as WildDuck has it, parts outside of it in the attachment storage, and `pintail` with what
/// WildDuck does not know: renderings, how the parts go back in, and the text around them where the tree would not give it back byte for
/// byte. Before the document is used, what it gives back is compared with what came in.
final class MessageWriter {
    private static final int MAGICS = 65_536;
    private static final long LARGEST_TEXT = 6L << 20;
    private static final int LARGEST_DOCUMENT = 15 << 20;
    private static final int SURELY_FITS = 256 * 1024; // of the text; a document has it some five times over
    private static final int SURELY_FLAT = 20;
    private static final int LARGEST_INLINE_TEXT = 300 * 1024;
    private static final int INDEXED_TEXT = 1024;
    private final MongoAttachments attachments;

    MessageWriter(MongoAttachments attachments) {
        this.attachments = attachments;
    }

    /// A document without the fields of its mailbox (`uid`, `modseq`); its parts are kept and counted already.
    record Written(Document document, List<Bytes> parts, int magic) {}

    /// A stretch of the message that is kept outside of its document.
    private record Outside(long start, int lineLength, boolean finalBreak, Part part) {
        long end() {
            return start + part.encoded().size();
        }
    }

    /// A stretch, the name it has in the tree, and the id it is kept under.
    private record Kept(Outside outside, String name, Bytes file, int lineLength) {}

    Written write(NewMessage m) {
        var kept = new ArrayList<Kept>();
        int magic = ThreadLocalRandom.current().nextInt(MAGICS);
        try {
            return write(m, magic, kept);
        } catch (IOException e) {
            attachments.release(files(kept), magic);
            throw new StoreException.Unavailable("message " + m.id() + " cannot be read", e);
        } catch (RuntimeException e) {
            attachments.release(files(kept), magic);
            throw e;
        }
    }

    private Written write(NewMessage m, int magic, List<Kept> kept) throws IOException {
        var message = source(m);
        var root = m.cut().root().behind(m.head().unsafeArray());
        var outside = outside(m, message, root);
        long text = message.size() - outside.stream().mapToLong(o -> o.part().encoded().size()).sum();
        if (text <= LARGEST_TEXT) {
            var written = whole(m, message, root, outside, magic, kept);
            if (written != null) {
                return written;
            }
            attachments.release(files(kept), magic);
            kept.clear();
        }
        return bare(m, message, root, magic, kept);
    }

    private @Nullable Written whole(
            NewMessage m, Source message, MimePart root, List<Outside> outside, int magic, List<Kept> kept) throws IOException {
        var names = names(m, root, outside);
        for (int i = 0; i < outside.size(); i++) {
            keep(outside.get(i), names.get(i), magic, kept);
        }
        var places = new HashMap<Long, String>();
        kept.forEach(k -> places.put(k.outside().start(), k.name()));
        var tree = MessageTree.of(message, root, places);
        return written(m, message, root, tree, magic, kept);
    }

    private Written bare(NewMessage m, Source message, MimePart root, int magic, List<Kept> kept) throws IOException {
        var all = new Outside(0, 0, false, part(message, message, Sha256.of(message), "application/octet-stream", "binary", 0));
        keep(all, "ATT00001", magic, kept);
        var written = written(m, message, root, MessageTree.bare(message, root, "ATT00001"), magic, kept);
        if (written == null) {
            throw new StoreException.Full("message " + m.id() + " does not fit in a document", new IOException("too large"));
        }
        return written;
    }

    private void keep(Outside outside, String name, int magic, List<Kept> kept) {
        var file = attachments.keep(outside.part(), magic);
        int lineLength = file.equals(outside.part().id()) ? outside.lineLength() : 0;
        kept.add(new Kept(outside, name, file, lineLength));
    }

    private static List<Bytes> files(List<Kept> kept) {
        return kept.stream().map(Kept::file).toList();
    }

    static Source source(NewMessage m) {
        var body = m.cut().whole();
        return m.head().size() == 0 ? body : Source.concat(Source.of(m.head().unsafeArray()), body);
    }

    /// The pieces as the message was cut, and smaller parts that WildDuck keeps outside as well; an embedded message goes as a whole.
    private static List<Outside> outside(NewMessage m, Source message, MimePart root) throws IOException {
        var out = new ArrayList<Outside>();
        long before = m.head().size();
        for (var piece : m.cut().pieces()) {
            out.add(outside(piece, before + piece.at()));
            before += piece.encodedSize();
        }
        var leaves = new ArrayList<MimePart>();
        collect(root, leaves);
        for (var leaf : leaves) {
            if (leaf.message() != null) {
                out.removeIf(o -> o.start() >= leaf.bodyStart() && o.end() <= leaf.bodyEnd());
            }
            if (leaf.bodySize() > 0 && out.stream().noneMatch(o -> o.start() < leaf.bodyEnd() && o.end() > leaf.bodyStart())) {
                var body = message.slice(leaf.bodyStart(), leaf.bodySize());
                out.add(new Outside(
                        leaf.bodyStart(), 0, false,
                        part(body, body, Sha256.of(body), leaf.type() + "/" + leaf.subtype(), leaf.encoding(), 0)));
            }
        }
        out.sort(Comparator.comparingLong(Outside::start));
        return out;
    }

    private static Outside outside(Cut.Piece piece, long start) {
        var encoded = new Rebuilt(
                Source.of(new byte[0]),
                List.of(new Rebuilt.Piece(0, piece.encodedSize(), piece.lineLength(), piece.finalBreak(), piece.stored())));
        var stored = HexFormat.of().parseHex(piece.sha256Hex());
        var id = HexFormat.of().parseHex(piece.encodedSha256Hex());
        var part = new Part(
                Bytes.wrap(id), encoded, piece.stored(), Base64.getEncoder().encodeToString(stored), piece.contentType(),
                piece.lineLength() == 0 ? "8bit" : "base64", piece.lineLength());
        return new Outside(start, piece.lineLength(), piece.finalBreak(), part);
    }

    private static Part part(Source encoded, Source stored, byte[] hash, String contentType, String encoding, int lineLength) {
        return new Part(
                Bytes.wrap(hash), encoded, stored, Base64.getEncoder().encodeToString(hash), contentType, encoding, lineLength);
    }

    /// What WildDuck moves out of the tree (data model §5.2).
    private static void collect(MimePart part, List<MimePart> leaves) {
        if (!part.children().isEmpty()) {
            part.children().forEach(child -> collect(child, leaves));
        } else if (!part.isMultipart() && (!isInlineText(part) || part.bodySize() > LARGEST_INLINE_TEXT)) {
            leaves.add(part);
        }
    }

    private static boolean isInlineText(MimePart part) {
        var type = part.type() + "/" + part.subtype();
        boolean shown = part.disposition() == null || part.disposition().equals("inline");
        return shown && List.of("text/plain", "text/html", "text/rfc822-headers", "message/delivery-status").contains(type);
    }

    /// The ids by which the details speak of these parts; others get numbers after them.
    private static List<String> names(NewMessage m, MimePart root, List<Outside> outside) {
        var known = new HashMap<Long, String>();
        for (var a : m.details().documents("attachments")) {
            var id = a.string("id", "");
            if (!id.isEmpty()) {
                root.find(a.string("part", "")).ifPresent(p -> known.putIfAbsent(p.bodyStart(), id));
            }
        }
        var taken = new HashSet<>(known.values());
        int next = 0;
        var names = new ArrayList<String>();
        for (var o : outside) {
            var name = known.get(o.start());
            while (name == null) {
                var free = "ATT%05d".formatted(++next);
                name = taken.add(free) ? free : null;
            }
            names.add(name);
        }
        return names;
    }

    /// Null when it is too large.
    private static @Nullable Written written(
            NewMessage m, Source message, MimePart root, Document tree, int magic, List<Kept> kept) throws IOException {
        var attachmentMap = new LinkedHashMap<String, @Nullable Object>();
        kept.forEach(k -> attachmentMap.put(k.name(), k.file()));
        var whole = tree.with("attachmentMap", new Document(attachmentMap));
        var skeleton = skeleton(message, kept);
        var pieces = pieces(kept);
        boolean given = Arrays.equals(cut(TreeText.of(tree).skeleton(), skeleton.length), skeleton);
        if (!kept.isEmpty()) {
            verify(message, skeleton, kept);
        }
        var own = Document.of(
                "content", m.id().value(),
                "envelope", m.envelope(),
                "structure", m.bodyStructure(),
                "parts", m.partMap(),
                "pieces", pieces);
        var pintail = given ? own : own.with("skeleton", Bytes.wrap(skeleton));
        var document = fields(m, root, magic).with("mimeTree", whole).with(Details.stored(m.details(), pintail));
        boolean small = skeleton.length <= SURELY_FITS && depth(root) <= SURELY_FLAT;
        return small || fits(document) ? new Written(document, files(kept), magic) : null;
    }

    private static int depth(MimePart part) {
        int below = part.message() == null ? 0 : depth(part.message());
        for (var child : part.children()) {
            below = Math.max(below, depth(child));
        }
        return below + 1;
    }

    private static boolean fits(Document document) {
        try {
            return DocumentCodec.encode(document).length <= LARGEST_DOCUMENT;
        } catch (IllegalArgumentException tooDeep) {
            return false;
        }
    }

    private static byte[] cut(byte[] text, int length) {
        return text.length > length ? Arrays.copyOf(text, length) : text;
    }

    private static byte[] skeleton(Source message, List<Kept> kept) throws IOException {
        var out = new ByteArrayOutputStream();
        long from = 0;
        for (var k : kept) {
            out.writeBytes(message.read(from, k.outside().start() - from));
            from = k.outside().end();
        }
        out.writeBytes(message.read(from, message.size() - from));
        return out.toByteArray();
    }

    private static List<Document> pieces(List<Kept> kept) {
        var out = new ArrayList<Document>();
        long before = 0;
        for (var k : kept) {
            long size = k.outside().part().encoded().size();
            long stored = k.lineLength() == 0 ? size : k.outside().part().stored().size();
            out.add(Document.of(
                    "at", (int) (k.outside().start() - before), "size", size, "file", k.file(), "stored", stored, "line", k.lineLength(),
                    "break", k.outside().finalBreak()));
            before += size;
        }
        return out;
    }

    /// What will be read is what came, or nothing is stored.
    private static void verify(Source message, byte[] skeleton, List<Kept> kept) throws IOException {
        var pieces = new ArrayList<Rebuilt.Piece>();
        long before = 0;
        for (var k : kept) {
            var part = k.outside().part();
            int at = (int) (k.outside().start() - before);
            before += part.encoded().size();
            var stored = k.lineLength() == 0 ? part.encoded() : part.stored();
            pieces.add(new Rebuilt.Piece(at, part.encoded().size(), k.lineLength(), k.lineLength() > 0 && k.outside().finalBreak(), stored));
        }
        if (!new Rebuilt(Source.of(skeleton), pieces).hasBytesOf(message)) {
            throw new StoreException.Corrupt("a message would not come back as it came");
        }
    }

    private static Document fields(NewMessage m, MimePart root, int magic) {
        var text = m.details().string("text", "");
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("_id", m.id().value());
        fields.put("root", m.id().value());
        fields.put("v", "1.0");
        fields.put("mailbox", m.mailbox().value());
        fields.put("user", m.account().value());
        fields.put("thread", m.thread());
        fields.put("idate", m.internalDate());
        fields.put("hdate", m.sentDate());
        fields.putAll(RowDocument.flagFields(m.flags()).fields());
        if (!m.flags().has(org.pintail.backend.Flags.DELETED)) {
            fields.put("searchable", true);
        }
        fields.put("size", m.size() <= Integer.MAX_VALUE ? (Object) (int) m.size() : (Object) m.size());
        fields.put("headers", IndexedHeaders.of(root.headers()));
        fields.put("envelope", ImapList.envelope(m.envelope()));
        fields.put("bodystructure", ImapList.structure(m.bodyStructure()));
        fields.put("text", text.substring(0, Math.min(text.length(), INDEXED_TEXT)));
        if (text.length() > INDEXED_TEXT) {
            fields.put("textFooter", text.substring(INDEXED_TEXT));
        }
        fields.put("ha", m.hasAttachments());
        fields.put("magic", magic);
        fields.put("exp", false);
        fields.put("retention", 0);
        fields.put("copied", false);
        return new Document(fields);
    }

    /// The ids of the parts that a stored message refers to, each as often as it does.
    static List<Bytes> parts(Document message) {
        var map = message.document("mimeTree").flatMap(t -> t.document("attachmentMap")).orElse(Document.EMPTY);
        var out = new ArrayList<Bytes>();
        for (Map.Entry<String, @Nullable Object> e : map.fields().entrySet()) {
            if (e.getValue() instanceof Bytes id) {
                out.add(id);
            }
        }
        return out;
    }
}
