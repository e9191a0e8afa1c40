package org.pintail.mime;

import java.util.Arrays;
import java.util.Locale;

/// The value of Content-Type (RFC 2045 §5.1) or Content-Disposition (RFC 2183), read tolerantly.
///
///     content = type "/" subtype *(";" attribute "=" value)
record ContentType(String type, String subtype, Parameters parameters) {
    static final ContentType TEXT_PLAIN = new ContentType("text", "plain", Parameters.NONE);
    static final ContentType MESSAGE_RFC822 = new ContentType("message", "rfc822", Parameters.NONE);
    private static final ContentType UNKNOWN = new ContentType("application", "octet-stream", Parameters.NONE);
    private static final int MAX_TOKEN = 127;

    static ContentType parse(String value) {
        var reader = new ParameterReader(value);
        var full = reader.head().toLowerCase(Locale.ROOT);
        var parameters = reader.parameters();
        int slash = full.indexOf('/');
        if (slash < 0 && full.equals("text")) {
            return new ContentType("text", "plain", parameters); // QUIRK: "Content-Type: text" of old mailers
        }
        var type = slash < 0 ? "" : full.substring(0, slash).strip();
        var subtype = slash < 0 ? "" : full.substring(slash + 1).strip();
        if (!isToken(type) || !isToken(subtype)) {
            return new ContentType(UNKNOWN.type, UNKNOWN.subtype, parameters);
        }
        return new ContentType(type, subtype, parameters);
    }

    /// The boundary of a multipart, RFC 2046 §5.1.1, as the bytes that delimiters have; `value` has a character per byte.
    static byte[] boundary(String value) {
        var reader = new ParameterReader(value);
        reader.head();
        var bytes = reader.bytes("boundary");
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--; // a boundary cannot end in white space: what stands there was added on the way
        }
        return Arrays.copyOf(bytes, end);
    }

    /// A disposition: [#type] holds it, `subtype` is empty.
    static ContentType disposition(String value) {
        var reader = new ParameterReader(value);
        var name = reader.head().toLowerCase(Locale.ROOT).strip();
        return new ContentType(isToken(name) ? name : "attachment", "", reader.parameters());
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_TOKEN
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
    }
}
