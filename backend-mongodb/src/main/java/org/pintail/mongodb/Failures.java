package org.pintail.mongodb;

import com.mongodb.DuplicateKeyException;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import java.util.Set;
import org.pintail.backend.StoreException;

/// What the driver throws, in the words of [StoreException].
final class Failures {
    private static final int DUPLICATE_KEY = 11000;
    private static final Set<Integer> TOO_LARGE = Set.of(10334, 17419, 17420);

    private Failures() {}

    static boolean isDuplicate(MongoException e) {
        return e instanceof MongoBulkWriteException bulk
                ? !bulk.getWriteErrors().isEmpty()
                        && bulk.getWriteErrors().stream().allMatch(w -> w.getCode() == DUPLICATE_KEY)
                : code(e) == DUPLICATE_KEY || e instanceof DuplicateKeyException;
    }

    private static int code(MongoException e) {
        return e instanceof MongoWriteException w ? w.getError().getCode() : e.getCode();
    }

    /// The server did not answer, or is not the one to ask: the same again may succeed.
    static boolean isPassing(MongoException e) {
        return e instanceof MongoSocketException
                || e instanceof MongoConnectionPoolClearedException
                || e instanceof MongoNotPrimaryException
                || e instanceof MongoNodeIsRecoveringException
                || e.hasErrorLabel("RetryableWriteError")
                || e.hasErrorLabel("TransientTransactionError");
    }

    /// The command surely did nothing: it never left, or the server said that it is not the one to ask.
    static boolean isUndone(MongoException e) {
        return e instanceof MongoSocketOpenException
                || e instanceof MongoConnectionPoolClearedException
                || e instanceof MongoNotPrimaryException;
    }

    static StoreException told(MongoException e) {
        if (isDuplicate(e)) {
            return new StoreException.Duplicate(index(text(e)));
        }
        if (TOO_LARGE.contains(code(e))) {
            return new StoreException.Full("a document is larger than the database takes", e);
        }
        var what = e instanceof MongoTimeoutException || e instanceof MongoSocketException
                ? "the database does not answer"
                : e instanceof MongoWriteConcernException
                        ? "the database did not confirm a write in time"
                        : e instanceof MongoInterruptedException ? "interrupted" : "the database refused a command";
        return new StoreException.Unavailable(what + ": " + e.getMessage(), e);
    }

    private static String text(MongoException e) {
        return switch (e) {
            case MongoWriteException w -> w.getError().getMessage();
            case MongoBulkWriteException b -> b.getWriteErrors().getFirst().getMessage();
            case MongoCommandException c -> c.getErrorMessage();
            default -> String.valueOf(e.getMessage());
        };
    }

    /// `E11000 duplicate key error collection: db.users index: users_dotless dup key: { … }`
    private static String index(String message) {
        int at = message.indexOf("index: ");
        if (at < 0) {
            return "_id_";
        }
        int start = at + "index: ".length();
        int end = message.indexOf(' ', start);
        return end < 0 ? message.substring(start) : message.substring(start, end);
    }
}
