package org.pintail.dmarcrpt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// RFC 7489 appendix C.
final class ReportWriter {
    private final XMLStreamWriter out;

    private ReportWriter(XMLStreamWriter out) {
        this.out = out;
    }

    static byte[] write(DmarcReport report) {
        var bytes = new ByteArrayOutputStream();
        try {
            var out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, "UTF-8");
            out.writeStartDocument("UTF-8", "1.0");
            new ReportWriter(out).feedback(report);
            out.writeEndDocument();
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        bytes.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private void feedback(DmarcReport report) throws XMLStreamException {
        out.writeStartElement("feedback");
        element("version", "1.0");
        out.writeStartElement("report_metadata");
        element("org_name", report.organization());
        element("email", report.email());
        element("report_id", report.id());
        out.writeStartElement("date_range");
        element("begin", Long.toString(report.begin().getEpochSecond()));
        element("end", Long.toString(report.end().getEpochSecond()));
        out.writeEndElement();
        out.writeEndElement();
        var policy = report.published();
        out.writeStartElement("policy_published");
        element("domain", policy.domain());
        optional("adkim", policy.adkim());
        optional("aspf", policy.aspf());
        element("p", policy.p());
        element("sp", policy.sp().isEmpty() ? policy.p() : policy.sp());
        element("pct", Integer.toString(policy.pct()));
        out.writeEndElement();
        for (var row : report.rows()) {
            row(row);
        }
        out.writeEndElement();
    }

    private void row(DmarcReport.Row row) throws XMLStreamException {
        out.writeStartElement("record");
        out.writeStartElement("row");
        element("source_ip", row.sourceIp());
        element("count", Long.toString(row.count()));
        out.writeStartElement("policy_evaluated");
        element("disposition", row.disposition());
        element("dkim", row.dkim());
        element("spf", row.spf());
        if (!row.override().isEmpty()) {
            out.writeStartElement("reason");
            element("type", row.override());
            out.writeEndElement();
        }
        out.writeEndElement();
        out.writeEndElement();
        out.writeStartElement("identifiers");
        element("envelope_from", row.envelopeFrom());
        element("header_from", row.headerFrom());
        out.writeEndElement();
        out.writeStartElement("auth_results");
        for (var dkim : row.dkimResults()) {
            out.writeStartElement("dkim");
            element("domain", dkim.domain());
            optional("selector", dkim.selector());
            element("result", dkim.result());
            out.writeEndElement();
        }
        for (var spf : row.spfResults()) {
            out.writeStartElement("spf");
            element("domain", spf.domain());
            element("scope", spf.scope());
            element("result", spf.result());
            out.writeEndElement();
        }
        out.writeEndElement();
        out.writeEndElement();
    }

    private void optional(String name, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            element(name, text);
        }
    }

    private void element(String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(allowed(text));
        out.writeEndElement();
    }

    /// Names come from messages of strangers; XML 1.0 §2.2 has no place for some characters, not even escaped.
    private static String allowed(String text) {
        var kept = new StringBuilder();
        text.codePoints()
                .filter(c -> c >= 0x20 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
