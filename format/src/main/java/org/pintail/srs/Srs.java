package org.pintail.srs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pintail.address.MailAddress;

/// Rewrites return paths and takes rewritten ones apart. `domain` is where rewritten addresses live; its MX must lead back here.
///
///     srs0 = "SRS0" sep hash "=" stamp "=" domain "=" local     ; first forwarder
///     srs1 = "SRS1" sep hash "=" domain "=" sep rest            ; any later one: domain is the first forwarder's, sep rest is its SRS0
///     hash = 4 lower-case hex digits of HMAC-SHA-1 over stamp domain local (SRS0) or domain sep rest (SRS1)
///     stamp = 2 characters of base32: the day modulo 1024
///     sep = "=" / "-" / "+"
public final class Srs {
    private static final String ALGORITHM = "HmacSHA1";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int HASH = 4;
    private static final int STAMP = 2;
    private static final int DAYS = 1024;
    private static final int MAX_AGE = 21; // days; longer than any queue keeps a bounce
    private static final int MAX_ADDRESS = 254;
    private static final long DAY = 86_400;
    private final SecretKeySpec secret;
    private final String domain;

    public Srs(String secret, String domain) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("SRS needs a secret");
        }
        this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.domain = MailAddress.unicode(domain);
    }

    /// Is this an address that only [#reverse] can read: `SRS0` or `SRS1` at our domain?
    public boolean covers(MailAddress address) {
        return address.domain().equals(domain) && (kind(address.local()) == '0' || kind(address.local()) == '1');
    }

    /// The digit of a rewritten local part, 0 when it is none.
    private static char kind(String local) {
        boolean srs = local.length() > 5 && local.regionMatches(true, 0, "SRS", 0, 3) && "=-+".indexOf(local.charAt(4)) >= 0;
        return srs ? local.charAt(3) : 0;
    }

    /// The return path of a forwarded copy. Null senders, our own rewritten addresses, what is no address, and what would grow beyond the
    /// size of an address (RFC 5321 §4.5.3.1.3) stay as they are.
    public String rewrite(String sender, Instant now) {
        var parsed = MailAddress.parse(sender);
        if (parsed.isEmpty() || covers(parsed.get())) {
            return sender;
        }
        var local = parsed.get().local();
        var from = parsed.get().asciiDomain();
        var rewritten = new MailAddress(
                switch (kind(local)) {
                    case '0' -> again(from, local.substring(4));
                    case '1' -> sameAgain(local).orElseGet(() -> first(from, local, now));
                    default -> first(from, local, now);
                },
                domain);
        var text = rewritten.toString();
        return text.getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS ? sender : text;
    }

    private String first(String from, String local, Instant now) {
        var stamp = stamp(now);
        return "SRS0=" + hash(stamp + from + local) + "=" + stamp + "=" + from + "=" + local;
    }

    private String again(String firstForwarder, String rest) {
        return "SRS1=" + hash(firstForwarder + rest) + "=" + firstForwarder + "=" + rest;
    }

    /// SRS1 of another forwarder: its hash becomes ours, the rest stays.
    private Optional<String> sameAgain(String local) {
        int end = local.indexOf('=', 5 + HASH + 1);
        return end < 0 || local.charAt(5 + HASH) != '='
                ? Optional.empty()
                : Optional.of(again(local.substring(5 + HASH + 1, end), local.substring(end + 1)));
    }

    /// Where a bounce to one of our rewritten addresses belongs; empty when the hash is not ours, the address is older than 21 days or
    /// from the future, or it is none at all.
    public Optional<MailAddress> reverse(MailAddress address, Instant now) {
        if (!covers(address)) {
            return Optional.empty();
        }
        var local = address.local();
        boolean hashed = local.length() > 5 + HASH && local.charAt(5 + HASH) == '=';
        if (!hashed) {
            return Optional.empty();
        }
        var hash = local.substring(5, 5 + HASH);
        var rest = local.substring(5 + HASH + 1);
        return kind(local) == '0' ? original(hash, rest, now) : firstForwarder(hash, rest);
    }

    private Optional<MailAddress> original(String hash, String rest, Instant now) {
        int end = rest.indexOf('=', STAMP + 1);
        if (end < 0 || rest.charAt(STAMP) != '=') {
            return Optional.empty();
        }
        // QUIRK: some servers lower-case the addresses they send bounces to; the stamp has only one true case and is put right.
        var stamp = rest.substring(0, STAMP).toUpperCase(Locale.ROOT);
        var from = rest.substring(STAMP + 1, end);
        var local = rest.substring(end + 1);
        boolean ours = same(hash, hash(stamp + from + local)) && fresh(stamp, now);
        return ours ? MailAddress.parse(quoted(local) + "@" + from) : Optional.empty();
    }

    private Optional<MailAddress> firstForwarder(String hash, String rest) {
        int end = rest.indexOf('=');
        if (end < 1 || end + 1 >= rest.length() || "=-+".indexOf(rest.charAt(end + 1)) < 0) {
            return Optional.empty();
        }
        var forwarder = rest.substring(0, end);
        var inner = rest.substring(end + 1);
        return same(hash, hash(forwarder + inner)) ? MailAddress.parse(quoted("SRS0" + inner) + "@" + forwarder) : Optional.empty();
    }

    /// As it must stand in an address, quoted where it has to be.
    private static String quoted(String local) {
        var text = new MailAddress(local, "x").toString();
        return text.substring(0, text.length() - 2);
    }

    private static boolean same(String found, String expected) {
        return MessageDigest.isEqual(found.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static String stamp(Instant now) {
        int day = day(now);
        return "" + BASE32.charAt(day >> 5) + BASE32.charAt(day & 31);
    }

    private static int day(Instant now) {
        return (int) (Math.round((double) now.getEpochSecond() / DAY) % DAYS);
    }

    private static boolean fresh(String stamp, Instant now) {
        int high = BASE32.indexOf(stamp.charAt(0));
        int low = BASE32.indexOf(stamp.charAt(1));
        return high >= 0 && low >= 0 && Math.floorMod(day(now) - (high << 5 | low), DAYS) <= MAX_AGE;
    }

    private String hash(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, HASH / 2);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
