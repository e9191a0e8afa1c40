package org.pintail.backend;

/// Names one message.
public record MessageId(ObjectId value) implements Comparable<MessageId> {
    public static MessageId next() {
        return new MessageId(ObjectId.next());
    }

    public static MessageId of(String hex) {
        return new MessageId(ObjectId.of(hex));
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
