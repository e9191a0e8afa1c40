package org.pintail.mail;

import java.util.Optional;

/// A set of [Right]s. As text they are letters; `c` and `d` of RFC 2086 stand for `kx` and `te` (RFC 4314 §2.1.1).
public record Rights(int bits) {
    public static final Rights NONE = new Rights(0);
    public static final Rights ALL = new Rights((1 << Right.values().length) - 1);

    public static Rights of(Right... rights) {
        int bits = 0;
        for (var r : rights) {
            bits |= r.bit();
        }
        return new Rights(bits);
    }

    /// Empty where a letter is none of the rights.
    public static Optional<Rights> parse(String letters) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            int more = bits(letters.charAt(i));
            if (more == 0) {
                return Optional.empty();
            }
            bits |= more;
        }
        return Optional.of(new Rights(bits));
    }

    private static int bits(char letter) {
        if (letter == 'c') {
            return of(Right.CREATE, Right.DELETE_MAILBOX).bits;
        }
        if (letter == 'd') {
            return of(Right.DELETE_MESSAGES, Right.EXPUNGE).bits;
        }
        for (var r : Right.values()) {
            if (r.letter() == letter) {
                return r.bit();
            }
        }
        return 0;
    }

    public boolean has(Right right) {
        return (bits & right.bit()) != 0;
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public Rights plus(Rights more) {
        return new Rights(bits | more.bits);
    }

    public Rights minus(Rights less) {
        return new Rights(bits & ~less.bits);
    }

    /// The letters, as they are kept.
    public String letters() {
        var out = new StringBuilder();
        for (var r : Right.values()) {
            if (has(r)) {
                out.append(r.letter());
            }
        }
        return out.toString();
    }

    /// The letters with `c` and `d` where any right they stand for is there, as clients of RFC 2086 want them.
    public String shown() {
        var text = letters();
        if (has(Right.CREATE) || has(Right.DELETE_MAILBOX)) {
            text += "c";
        }
        return has(Right.DELETE_MESSAGES) || has(Right.EXPUNGE) ? text + "d" : text;
    }
}
