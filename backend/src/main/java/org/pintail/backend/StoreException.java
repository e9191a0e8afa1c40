package org.pintail.backend;

/// An engine could not do what was asked. The kinds tell the caller what to answer.
public abstract sealed class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    private StoreException(String message) {
        super(message);
    }

    /// May work later: disk full, engine away, a time-out. Nothing was changed that the caller would have to undo.
    public static final class Unavailable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }

        public Unavailable(String message) {
            super(message);
        }
    }

    /// No space left where bytes would have gone.
    public static final class Full extends StoreException {
        private static final long serialVersionUID = 1L;

        public Full(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// A unique index has that key already; `index` names it.
    public static final class Duplicate extends StoreException {
        private static final long serialVersionUID = 1L;
        private final String index;

        public Duplicate(String index) {
            super("duplicate key in " + index);
            this.index = index;
        }

        public String index() {
            return index;
        }
    }

    /// The mailbox, message or row is not there (any more).
    public static final class Missing extends StoreException {
        private static final long serialVersionUID = 1L;

        public Missing(String message) {
            super(message);
        }
    }

    /// The append would exceed the quota it was given.
    public static final class OverQuota extends StoreException {
        private static final long serialVersionUID = 1L;

        public OverQuota(String message) {
            super(message);
        }
    }

    /// Stored bytes are not what was written.
    public static final class Corrupt extends StoreException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message) {
            super(message);
        }

        public Corrupt(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
