package org.pintail.mongodb;

import com.mongodb.ConnectionString;
import java.time.Duration;

/// Where the store is and how long it waits. `url` as MongoDB writes it; the names are databases there: `main` for mail, `users` for accounts
/// and addresses, `files` for attachments (GridFS), `queue` for outbound mail. `patience`: how long work waits for a database that does
/// not answer before it fails for now. `helping`: how long a step of somebody else may stand unfinished before it is finished for them.
/// `expiring`: whether the database removes what has expired and its time counts (only tests with a clock of their own want it not to).
public record MongoSettings(
        String url, String main, String users, String files, String queue, Duration patience, Duration helping, boolean expiring) {
    private static final String DEFAULT_MAIN = "wildduck";
    private static final String DEFAULT_QUEUE = "zone-mta";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HELPING = Duration.ofSeconds(15);

    /// Names that are empty take their default: the database of the URL (or `wildduck`), the same for users and files, `zone-mta`.
    /// Throws IllegalArgumentException on a URL that is none.
    public static MongoSettings of(String url, String users, String files, String queue) {
        var named = new ConnectionString(url).getDatabase();
        var main = named == null || named.isEmpty() ? DEFAULT_MAIN : named;
        return new MongoSettings(
                url, main, or(users, main), or(files, main), or(queue, DEFAULT_QUEUE), PATIENCE, HELPING, true);
    }

    private static String or(String name, String otherwise) {
        return name.isEmpty() ? otherwise : name;
    }
}
