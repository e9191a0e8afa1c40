package org.pintail.dmarcrpt;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the elements of RFC 7489 appendix C by their path, wherever receivers put others between them.
final class ReportReader {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_ROWS = 50_000;
    private static final int MAX_RESULTS = 100; // of one row
    private static final int MAX_TEXT = 1000;
    private static final String RECORD = "feedback/record";
    private static final String DKIM = RECORD + "/auth_results/dkim";
    private static final String SPF = RECORD + "/auth_results/spf";
    private final Map<String, String> head = new HashMap<>(); // by path
    private final Map<String, String> record = new HashMap<>(); // of the record that is being read
    private final List<DmarcReport.DkimResult> dkim = new ArrayList<>();
    private final List<DmarcReport.SpfResult> spf = new ArrayList<>();
    private final List<DmarcReport.Row> rows = new ArrayList<>();

    DmarcReport read(byte[] xml) {
        try {
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
            // decoded here, because the JDK's parser prints on standard error about bytes that are no UTF-8
            var text = new String(xml, StandardCharsets.UTF_8);
            elements(factory.createXMLStreamReader(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text)));
        } catch (XMLStreamException e) {
            throw new DmarcReport.Invalid("expected XML: " + firstLine(e), e);
        } catch (RuntimeException e) {
            if (e instanceof DmarcReport.Invalid) {
                throw e;
            }
            throw new DmarcReport.Invalid("expected XML: " + e, e); // the parser of the JDK meets some bytes with other exceptions
        }
        return report();
    }

    private static String firstLine(XMLStreamException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void elements(XMLStreamReader in) throws XMLStreamException {
        var path = new ArrayDeque<String>();
        var text = new StringBuilder();
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    path.addLast(in.getLocalName());
                    text.setLength(0);
                    check(path);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (text.length() < MAX_TEXT) {
                        text.append(in.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    end(String.join("/", path), text.toString().strip());
                    path.removeLast();
                    text.setLength(0);
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new DmarcReport.Invalid("expected no document type and no entities");
                default -> {
                    // comments and the like say nothing here
                }
            }
        }
    }

    private static void check(ArrayDeque<String> path) {
        if (!path.getFirst().equals("feedback")) {
            throw new DmarcReport.Invalid("expected feedback, found " + cut(path.getFirst()));
        }
        if (path.size() > MAX_DEPTH) {
            throw new DmarcReport.Invalid("more than " + MAX_DEPTH + " levels");
        }
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    private void end(String path, String text) {
        if (path.equals(DKIM)) {
            if (dkim.size() < MAX_RESULTS) {
                dkim.add(new DmarcReport.DkimResult(taken(DKIM + "/domain"), taken(DKIM + "/selector"), taken(DKIM + "/result")));
            }
        } else if (path.equals(SPF)) {
            if (spf.size() < MAX_RESULTS) {
                spf.add(new DmarcReport.SpfResult(taken(SPF + "/domain"), taken(SPF + "/scope"), taken(SPF + "/result")));
            }
        } else if (path.equals(RECORD)) {
            row();
        } else if (path.startsWith(RECORD + "/")) {
            record.put(path, cut(text));
        } else {
            head.put(path, cut(text));
        }
    }

    private String taken(String path) {
        var value = record.remove(path);
        return value == null ? "" : value;
    }

    private void row() {
        if (rows.size() == MAX_ROWS) {
            throw new DmarcReport.Invalid("more than " + MAX_ROWS + " records");
        }
        var evaluated = RECORD + "/row/policy_evaluated";
        rows.add(new DmarcReport.Row(
                taken(RECORD + "/row/source_ip"),
                number(taken(RECORD + "/row/count"), "count"),
                taken(evaluated + "/disposition"),
                taken(evaluated + "/dkim"),
                taken(evaluated + "/spf"),
                taken(evaluated + "/reason/type"),
                taken(RECORD + "/identifiers/header_from"),
                taken(RECORD + "/identifiers/envelope_from"),
                dkim,
                spf));
        record.clear();
        dkim.clear();
        spf.clear();
    }

    private DmarcReport report() {
        var metadata = "feedback/report_metadata/";
        var policy = "feedback/policy_published/";
        var domain = head.getOrDefault(policy + "domain", "");
        if (domain.isEmpty()) {
            throw new DmarcReport.Invalid("expected policy_published with a domain");
        }
        var pct = head.getOrDefault(policy + "pct", "");
        return new DmarcReport(
                head.getOrDefault(metadata + "org_name", ""),
                head.getOrDefault(metadata + "email", ""),
                head.getOrDefault(metadata + "report_id", ""),
                time(head.getOrDefault(metadata + "date_range/begin", ""), "begin"),
                time(head.getOrDefault(metadata + "date_range/end", ""), "end"),
                new DmarcReport.Published(
                        domain,
                        head.getOrDefault(policy + "adkim", ""),
                        head.getOrDefault(policy + "aspf", ""),
                        head.getOrDefault(policy + "p", ""),
                        head.getOrDefault(policy + "sp", ""),
                        pct.isEmpty() ? 100 : (int) Math.min(100, number(pct, "pct"))),
                rows);
    }

    private static Instant time(String text, String what) {
        return Instant.ofEpochSecond(number(text, what));
    }

    private static long number(String text, String what) {
        boolean digits = !text.isEmpty() && text.length() <= 11 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new DmarcReport.Invalid("expected " + what + " as a number, found \"" + (text.length() > 20 ? text.substring(0, 20) : text) + "\"");
        }
        return Long.parseLong(text);
    }
}
