package org.pintail.mail;

/// One thing somebody may do with a mailbox, RFC 4314 §2.1.
public enum Right {
    LOOKUP('l'),
    READ('r'),
    SEEN('s'),
    WRITE('w'),
    INSERT('i'),
    POST('p'),
    CREATE('k'),
    DELETE_MAILBOX('x'),
    DELETE_MESSAGES('t'),
    EXPUNGE('e'),
    ADMINISTER('a');

    private final char letter;

    Right(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    int bit() {
        return 1 << ordinal();
    }
}
