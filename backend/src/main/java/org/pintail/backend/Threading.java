package org.pintail.backend;

import java.util.List;
import java.util.Map;

/// Who knows which messages of an account belong together (THREADID, RFC 8474 §5.2).
public interface Threading {
    /// A message that comes. `thread`: where it belongs if nothing of its conversation is known.
    record Newcomer(AccountId account, MessageId message, ObjectId thread, ThreadClues clues) {}

    /// The threads of those that belong to another one than they say. They came in this order, an answer may be to one before it.
    /// Blocks; throws [StoreException].
    Map<MessageId, ObjectId> find(List<Newcomer> newcomers);
}
