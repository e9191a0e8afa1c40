package org.pintail.dkim;

import java.util.List;

/// Writes a tag list as a header field, folded at 76.
public final class FieldWriter {
    private static final int WIDTH = 76;
    private final StringBuilder out;
    private int column;
    private boolean first = true;

    public FieldWriter(String name) {
        this.out = new StringBuilder(name).append(':');
        this.column = out.length();
    }

    public FieldWriter tag(String name, String value) {
        separate(name.length() + 1 + value.length());
        append(name + "=" + value);
        return this;
    }

    /// A list that may be folded at its separators.
    public FieldWriter list(String name, List<String> items, String separator) {
        separate(name.length() + 1);
        append(name + "=");
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i) + (i < items.size() - 1 ? separator : "");
            if (column + item.length() + 1 > WIDTH) {
                fold();
            }
            append(item);
        }
        return this;
    }

    /// base64, folded wherever the line is full.
    public FieldWriter base64(String name, String value) {
        separate(name.length() + 10);
        append(name + "=");
        int at = 0;
        while (at < value.length()) {
            int count = Math.min(value.length() - at, WIDTH - 1 - column);
            append(value.substring(at, at + count));
            at += count;
            if (at < value.length()) {
                fold();
            }
        }
        return this;
    }

    private void separate(int next) {
        if (!first) {
            append(";");
        }
        if (column + 2 + next > WIDTH && !first) {
            fold();
        } else {
            append(" ");
        }
        first = false;
    }

    private void append(String text) {
        out.append(text);
        column += text.length();
    }

    private void fold() {
        out.append("\r\n ");
        column = 1;
    }

    /// Without a final CRLF.
    public String text() {
        return out.toString();
    }
}
