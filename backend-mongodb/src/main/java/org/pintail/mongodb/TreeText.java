package org.pintail.mongodb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;

/// The text of a message from its stored tree (data model §5.6), with holes where attachments belong.
final class TreeText {
    private static final byte[] BREAK = {'\r', '\n'};
    private static final byte[] NOTHING = {};
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Hole> holes = new ArrayList<>();
    private boolean begun;

    /// Where attachment `id` belongs in the text, and how many bytes it had.
    record Hole(int at, String id, long size) {}

    private TreeText() {}

    static TreeText of(Document root) {
        var text = new TreeText();
        text.node(root);
        if (root.number("lineCount") > 1) {
            text.line(NOTHING);
        }
        return text;
    }

    private void node(Document node) {
        line(bytes(String.join("\r\n", node.strings("header")) + "\r\n"));
        var body = body(node);
        if (node.string("boundary").isPresent()) {
            multipart(node, node.string("boundary", ""), body);
        } else if (node.string("attachmentId").isPresent()) {
            line(NOTHING);
            holes.add(new Hole(out.size(), node.string("attachmentId", ""), node.number("size")));
        } else if (body != null) {
            line(body);
        }
    }

    /// Binary, in old documents a string of bytes; null where there is none.
    private static byte @Nullable [] body(Document node) {
        return switch (node.value("body")) {
            case Bytes b -> b.unsafeArray();
            case String s -> bytes(s);
            case null, default -> null;
        };
    }

    private void multipart(Document node, String boundary, byte @Nullable [] preamble) {
        line(preamble == null ? NOTHING : preamble);
        out.writeBytes(bytes("--" + boundary));
        boolean first = true;
        for (var child : node.documents("childNodes")) {
            if (!first) {
                line(bytes("--" + boundary));
            }
            first = false;
            node(child);
        }
        line(bytes("--" + boundary + "--\r\n"));
    }

    private void line(byte[] bytes) {
        if (begun) {
            out.writeBytes(BREAK);
        }
        begun = true;
        out.writeBytes(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] skeleton() {
        return out.toByteArray();
    }

    List<Hole> holes() {
        return List.copyOf(holes);
    }
}
