package org.pintail.bimi;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.pintail.dns.RecordTags;

/// The TXT record at `SELECTOR._bimi.DOMAIN`: `v=BIMI1; l=URI; a=URI`.
///
/// @param location of the logo, null when not given
/// @param authority location of the mark certificate, null when not given
public record BimiRecord(@Nullable URI location, @Nullable URI authority) {
    private static final int MAX_URI = 900; // with its tag on one line of a header field (RFC 5322 §2.1.1)

    /// Throws [BimiProblem] on what is no record; its message is fit for `Authentication-Results`.
    public static BimiRecord parse(String text) {
        var tags = RecordTags.parse(text).orElseThrow(() -> invalid("malformed record"));
        if (!tags.value("v").orElse("").equals("BIMI1") || !text.stripLeading().startsWith("v")) {
            throw invalid("missing or unknown version");
        }
        if (tags.value("l").isEmpty() && tags.value("a").isEmpty()) {
            throw invalid("missing location");
        }
        return new BimiRecord(uri(tags, "l"), uri(tags, "a"));
    }

    /// The domain says that it takes no part.
    public boolean declines() {
        return location == null && authority == null;
    }

    private static @Nullable URI uri(RecordTags tags, String name) {
        var text = tags.value(name).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            var uri = new URI(text);
            if (text.length() <= MAX_URI && "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw invalid("invalid " + name + "= URI");
        }
        throw invalid("expected an https URI in " + name + "=");
    }

    private static BimiProblem invalid(String message) {
        return new BimiProblem("INVALID_RECORD", message);
    }

    /// As a header field shows it.
    public String text() {
        return "v=BIMI1; l=" + (location == null ? "" : location.toASCIIString()) + "; a=" + (authority == null ? "" : authority.toASCIIString());
    }
}
