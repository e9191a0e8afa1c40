package org.pintail.dmarcrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class DmarcReportTest {
    private static final DmarcReport REPORT = new DmarcReport(
            "Receiver & Sons",
            "postmaster@example.org",
            "1",
            Instant.parse("2026-03-01T00:00:00Z"),
            Instant.parse("2026-03-01T23:59:59Z"),
            new DmarcReport.Published("example.com", "r", "s", "reject", "none", 50),
            List.of(
                    new DmarcReport.Row(
                            "192.0.2.1", 3, "none", "pass", "fail", "", "news.example.com", "bounce.example.com",
                            List.of(new DmarcReport.DkimResult("example.com", "a", "pass"), new DmarcReport.DkimResult("esp.example", "b", "fail")),
                            List.of(new DmarcReport.SpfResult("esp.example", "mfrom", "pass"))),
                    new DmarcReport.Row(
                            "2001:db8::1", 1, "none", "fail", "fail", "local_policy", "example.com", "",
                            List.of(),
                            List.of(new DmarcReport.SpfResult("helo.example", "helo", "none")))));
    private static final String XML = new String(REPORT.xml(), StandardCharsets.UTF_8);

    private static DmarcReport parse(String xml) {
        return DmarcReport.parse(xml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoReportSaysWhy() {
        for (var bad : new String[][] {
            {"", "XML"},
            {"{}", "XML"},
            {"<feedback>", "XML"},
            {"<html/>", "expected feedback"},
            {"<feedback/>", "policy_published"},
            {XML.replace("<count>3", "<count>-3"), "count"},
            {XML.replace("<count>3", "<count>many"), "count"},
            {XML.replace("<begin>", "<begin>x"), "begin"},
            {XML.replace("<feedback>", "<!DOCTYPE feedback [<!ENTITY a \"b\">]><feedback>"), "document type"},
            {"<!DOCTYPE feedback SYSTEM \"file:///etc/passwd\"><feedback/>", "document type"},
            {"<!DOCTYPE f [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><feedback><x>&a;</x></feedback>", "document type"},
            {"<feedback>" + "<x>".repeat(30) + "</x>".repeat(30) + "</feedback>", "more than 20 levels"},
            {"<feedback>" + "<record><row><count>1</count></row></record>".repeat(50_001) + "</feedback>", "more than 50000 records"},
            {XML.replace("3</count>", "3&undefined;</count>"), ""},
        }) {
            assertThatThrownBy(() -> parse(bad[0]))
                    .as(bad[0].length() > 300 ? bad[1] : bad[0])
                    .isInstanceOf(DmarcReport.Invalid.class)
                    .hasMessageContaining(bad[1]);
        }
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        assertThat(parse(XML)).isEqualTo(REPORT);
        assertThat(XML).contains("<org_name>Receiver &amp; Sons</org_name>");
    }

    @Test
    void namespacesAndUnknownElementsDoNotMatter() {
        var other = XML.replace("<feedback>", "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><!-- x -->")
                .replace("<report_metadata>", "<report_metadata><extra_contact_info>x</extra_contact_info>")
                .replace("<pct>50</pct>", "<pct>50</pct><fo>1</fo><testing>n</testing>");
        assertThat(parse(other)).isEqualTo(REPORT);
    }

    @Test
    void charactersThatXmlCannotHoldAreLeftOut() {
        var odd = new DmarcReport("a\u0000b\u001b<", "", "1", REPORT.begin(), REPORT.end(), REPORT.published(), List.of());
        assertThat(DmarcReport.parse(odd.xml()).organization()).isEqualTo("ab<");
    }

    @Test
    void aSmallFileThatHoldsTooMuchIsRefused() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 200; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        assertThat(bomb.size()).isLessThan(300_000);
        assertThatThrownBy(() -> CompressedReport.open(bomb.toByteArray())).isInstanceOf(DmarcReport.Invalid.class).hasMessageContaining("more than");
        var zipped = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("bomb.xml"));
            for (int i = 0; i < 20; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        assertThatThrownBy(() -> CompressedReport.open(zipped.toByteArray())).isInstanceOf(DmarcReport.Invalid.class).hasMessageContaining("more than");
    }

    @Test
    void brokenArchivesAreRefused() {
        var gzip = CompressedReport.gzip(REPORT.xml());
        for (var bad : List.of(
                java.util.Arrays.copyOf(gzip, gzip.length / 2),
                new byte[] {0x1f, (byte) 0x8b, 8},
                new byte[] {'P', 'K', 3, 4},
                new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) {
            assertThatThrownBy(() -> CompressedReport.open(bad)).isInstanceOf(DmarcReport.Invalid.class);
        }
    }

    @Test
    void gzipZipAndPlainAreOpened() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("report.xml"));
            zip.write(REPORT.xml());
        }
        for (var data : List.of(CompressedReport.gzip(REPORT.xml()), zipped.toByteArray(), REPORT.xml())) {
            assertThat(DmarcReport.parse(CompressedReport.open(data))).isEqualTo(REPORT);
        }
    }

    @Test
    void anyBytesEnd() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            var bytes = (i % 2 == 0 ? REPORT.xml() : CompressedReport.gzip(REPORT.xml())).clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(DmarcReport.parse(CompressedReport.open(bytes)).rows().size()).as("seed %d", seed).isLessThan(10);
            } catch (DmarcReport.Invalid e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
