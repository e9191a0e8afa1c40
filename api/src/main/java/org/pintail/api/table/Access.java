package org.pintail.api.table;

import java.util.Map;

/// Who may call an operation (http-api §1.5).
///
/// @param resource what it is about; "" needs a valid token and no role
/// @param action what it does to it
/// @param reach whose things it may touch
public record Access(String resource, Action action, Reach reach) {
    public static final Access PUBLIC = new Access("", Action.READ, Reach.PUBLIC);
    public static final Access TOKEN = new Access("", Action.READ, Reach.TOKEN);
    private static final String USER = "user";
    private static final String ROOT = "root";
    /// What role `user` may do with its own things.
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("users", "RU"),
            Map.entry("userlisting", "R"),
            Map.entry("addresses", "CRUD"),
            Map.entry("addresslisting", "R"),
            Map.entry("authentication", "CR"),
            Map.entry("asps", "CRD"),
            Map.entry("messages", "CRUD"),
            Map.entry("attachments", "CRUD"),
            Map.entry("storage", "CRUD"),
            Map.entry("mailboxes", "CRUD"),
            Map.entry("autoreplies", "CRUD"),
            Map.entry("filters", "CRUD"),
            Map.entry("webhooks", "R"));

    /// What an operation does.
    public enum Action {
        CREATE,
        READ,
        UPDATE,
        DELETE
    }

    /// PUBLIC: no token; TOKEN: any token; ANY: whoever may touch everybody's; OWN: also the account named in the path; LISTED: own things
    /// only where the caller may not see everybody's, which the operation sees to itself.
    public enum Reach {
        PUBLIC,
        TOKEN,
        ANY,
        OWN,
        LISTED
    }

    /// May `caller` call this for the account `target` (hex, "" where none is named)?
    boolean allows(Caller caller, String target) {
        if (reach == Reach.PUBLIC || reach == Reach.TOKEN || caller.role().equals(ROOT)) {
            return true;
        }
        boolean own = reach == Reach.LISTED || reach == Reach.OWN && target.equals(caller.user());
        return caller.role().equals(USER)
                && own
                && OWN.getOrDefault(resource, "").indexOf(action.name().charAt(0)) >= 0;
    }
}
