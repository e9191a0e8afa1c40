package org.pintail.imap;

import java.io.ByteArrayOutputStream;

/// BODY from a rendered BODYSTRUCTURE: the same without extension data (RFC 3501 §7.4.2).
///
///     body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
///     body-type-1part = 7 fields, +3 (envelope, body, lines) for message/rfc822, +1 (lines) for text [SP body-ext-1part]
final class StructureTrim {
    private final byte[] in;
    private final ByteArrayOutputStream out;
    private int at;

    private StructureTrim(byte[] in) {
        this.in = in;
        this.out = new ByteArrayOutputStream(in.length);
    }

    static byte[] body(byte[] bodyStructure) {
        var trim = new StructureTrim(bodyStructure);
        trim.structure();
        return trim.out.toByteArray();
    }

    private void structure() {
        copy(); // (
        if (in[at] == '(') {
            while (in[at] == '(') {
                structure();
            }
            values(1); // SP subtype
        } else {
            single();
        }
        skipTo(')');
        out.write(')');
        at++;
    }

    private void single() {
        int type = at;
        value();
        boolean text = is(type, "\"TEXT\"");
        boolean message = is(type, "\"MESSAGE\"");
        int subtype = at + 1;
        values(1);
        boolean rfc822 = message && (is(subtype, "\"RFC822\"") || is(subtype, "\"GLOBAL\""));
        values(5);
        if (text) {
            values(1);
        } else if (rfc822) {
            values(1);
            copy(); // SP
            structure();
            values(1);
        }
    }

    private boolean is(int start, String upperCase) {
        for (int i = 0; i < upperCase.length(); i++) {
            if (start + i >= in.length || Character.toUpperCase((char) in[start + i]) != upperCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void copy() {
        out.write(in[at++]);
    }

    private void values(int n) {
        for (int i = 0; i < n && in[at] == ' '; i++) {
            copy();
            value();
        }
    }

    private void value() {
        int start = at;
        skipValue();
        out.write(in, start, at - start);
    }

    private void skipTo(char end) {
        while (in[at] != end) {
            at++; // a space
            skipValue();
        }
    }

    private void skipValue() {
        switch (in[at]) {
            case '(' -> {
                at++;
                while (in[at] != ')') {
                    if (in[at] == ' ') {
                        at++;
                    } else {
                        skipValue();
                    }
                }
                at++;
            }
            case '"' -> {
                at++;
                while (in[at] != '"') {
                    at += in[at] == '\\' ? 2 : 1;
                }
                at++;
            }
            case '{' -> {
                int size = 0;
                for (at++; in[at] != '}'; at++) {
                    size = size * 10 + in[at] - '0';
                }
                at += 3 + size; // } CR LF
            }
            default -> {
                while (in[at] != ' ' && in[at] != ')' && in[at] != '(') {
                    at++;
                }
            }
        }
    }
}
