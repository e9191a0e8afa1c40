package org.pintail.backend;

/// Names one account.
public record AccountId(ObjectId value) implements Comparable<AccountId> {
    public static AccountId next() {
        return new AccountId(ObjectId.next());
    }

    public static AccountId of(String hex) {
        return new AccountId(ObjectId.of(hex));
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
