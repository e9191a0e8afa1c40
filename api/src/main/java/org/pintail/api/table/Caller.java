package org.pintail.api.table;

import java.util.Optional;
import org.pintail.backend.ObjectId;

/// Who calls: `user` is "root" or the hex id of an account, `token` what was shown.
public record Caller(String role, String user, String token) {
    public static final Caller ROOT = new Caller("root", "root", "");

    /// The account this caller is, if it may see nobody else's things.
    public Optional<ObjectId> onlyFor() {
        return role.equals("root") ? Optional.empty() : ObjectId.parse(user);
    }
}
