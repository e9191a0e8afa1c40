package org.pintail.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/// One record of a CSV file (RFC 4180): commas, double quotes around a field, doubled quotes and line breaks inside quotes.
final class CsvRecord {
    private static final int MAX_FIELD = 65_536;

    private CsvRecord() {}

    /// Reads the next record into `fields`; false at the end of the file. Empty lines are skipped.
    static boolean read(BufferedReader in, List<String> fields) throws IOException {
        fields.clear();
        var field = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        int c;
        while ((c = in.read()) >= 0) {
            if (quoted) {
                if (c != '"') {
                    field.append((char) c);
                } else {
                    in.mark(1);
                    if (in.read() == '"') {
                        field.append('"');
                    } else {
                        in.reset();
                        quoted = false;
                    }
                }
            } else if (c == '"' && field.isEmpty()) {
                quoted = true;
                any = true;
            } else if (c == ',') {
                fields.add(take(field));
                any = true;
            } else if (c == '\n') {
                if (any || !field.isEmpty()) {
                    fields.add(take(field));
                    return true;
                }
            } else if (c != '\r') {
                field.append((char) c);
            }
            if (field.length() > MAX_FIELD) {
                throw new IOException("a field is longer than " + MAX_FIELD + " characters: a quote may not be closed");
            }
        }
        if (any || !field.isEmpty()) {
            fields.add(take(field));
            return true;
        }
        return false;
    }

    private static String take(StringBuilder field) {
        var text = field.toString().strip();
        field.setLength(0);
        return text;
    }
}
