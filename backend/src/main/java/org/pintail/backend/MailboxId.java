package org.pintail.backend;

/// Names one mailbox.
public record MailboxId(ObjectId value) implements Comparable<MailboxId> {
    public static MailboxId next() {
        return new MailboxId(ObjectId.next());
    }

    public static MailboxId of(String hex) {
        return new MailboxId(ObjectId.of(hex));
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(MailboxId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
