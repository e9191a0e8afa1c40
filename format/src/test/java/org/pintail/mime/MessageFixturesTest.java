package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Messages under `messages/`, each with what is found in it beside it. Every one is read with LF and with CRLF and must say the same.
/// Where it does not, what was found is written beside it as `.actual.json`.
class MessageFixturesTest {
    private static final Path MESSAGES = Path.of("src/test/resources/org/pintail/mime/messages");

    @Test
    void everyMessageIsReadAsItShouldBe() throws IOException {
        List<Path> files;
        try (var found = Files.walk(MESSAGES)) {
            files = found.filter(f -> f.toString().endsWith(".eml")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(15);
        var wrong = new ArrayList<String>();
        for (var file : files) {
            var text = Files.readString(file, StandardCharsets.ISO_8859_1);
            var expected = beside(file, ".json");
            var should = Files.exists(expected) ? Files.readString(expected) : "";
            for (var message : List.of(text, text.replace("\n", "\r\n"))) {
                var bytes = message.getBytes(StandardCharsets.ISO_8859_1);
                Trees.check(file.toString(), bytes);
                var actual = shown(bytes);
                if (!actual.equals(should)) {
                    Files.writeString(beside(file, ".actual.json"), actual);
                    wrong.add(MESSAGES.relativize(file) + (message.equals(text) ? " with LF" : " with CRLF"));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Path beside(Path file, String end) {
        return file.resolveSibling(file.getFileName().toString().replace(".eml", end));
    }

    /// What a reader sees, and nothing that depends on the kind of line break.
    private static String shown(byte[] bytes) throws IOException {
        var source = Source.of(bytes);
        var parsed = MimeParser.parse(source);
        var root = parsed.root();
        var text = MessageText.of(source, root);
        var out = new StringBuilder("{\n");
        line(out, "problems", list(parsed.problems()));
        line(out, "subject", quoted(root.headers().decoded("subject").orElse("")));
        line(out, "envelope", quoted(new String(ImapStructure.envelope(root, false), StandardCharsets.US_ASCII)));
        var parts = new ArrayList<String>();
        parts(root, parts);
        line(out, "parts", list(parts));
        line(out, "text", quoted(text.text()));
        line(out, "html", list(text.html()));
        line(out, "intro", quoted(text.intro()));
        line(out, "attachments", list(text.attachments().stream().map(MessageFixturesTest::shown).toList()));
        return out.replace(out.length() - 2, out.length(), "\n}\n").toString();
    }

    private static void line(StringBuilder out, String name, String json) {
        out.append("  ").append(quoted(name)).append(": ").append(json).append(",\n");
    }

    /// `1.2 text/plain charset=utf-8 quoted-printable, 3 lines`
    private static void parts(MimePart part, List<String> into) {
        var line = new StringBuilder(part.number().isEmpty() ? "message" : part.number());
        line.append(' ').append(part.type()).append('/').append(part.subtype());
        part.parameters().list().forEach(p -> line.append(' ').append(p.name()).append('=').append(p.value()));
        line.append(' ').append(part.encoding());
        if (part.disposition() != null) {
            line.append(' ').append(part.disposition());
            part.dispositionParameters().list().forEach(p -> line.append(' ').append(p.name()).append('=').append(p.value()));
        }
        into.add(line.append(", ").append(part.lines()).append(part.lines() == 1 ? " line" : " lines").toString());
        part.children().forEach(child -> parts(child, into));
        if (part.message() != null) {
            parts(part.message(), into);
        }
    }

    private static String shown(MessageText.Attachment a) {
        return String.join(" | ", a.id(), a.part(), a.filename(), a.contentType(), a.disposition(), a.transferEncoding(), a.cid(), a.related() ? "related" : "");
    }

    private static String list(List<String> texts) {
        if (texts.isEmpty()) {
            return "[]";
        }
        return "[\n    " + String.join(",\n    ", texts.stream().map(MessageFixturesTest::quoted).toList()) + "\n  ]";
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> out.append(c < 0x20 || c == 0x7f ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
