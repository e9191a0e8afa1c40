package org.pintail.imap.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The REFERENCES algorithm of RFC 5256 §3, and REFS, which leaves subjects aside and orders threads by what came to them last.
/// Nothing here recurses: a thread may be as deep as the mailbox is large.
public final class ReferenceThreads {
    private static final int DEEPEST_LOOK = 10_000; // ancestors looked through for a loop; beyond, no link is made
    private final Map<String, ThreadNode> byId = new HashMap<>();
    private final List<ThreadNode> messages = new ArrayList<>();

    /// Where the message with this id stands: where others have referred to it already, or a new place. The second message of an id
    /// stands for itself, as does one without.
    public ThreadNode place(String id) {
        var known = id.isEmpty() ? null : byId.get(id);
        if (known != null && known.isDummy()) {
            return known;
        }
        var node = new ThreadNode();
        if (known == null && !id.isEmpty()) {
            byId.put(id, node);
        }
        return node;
    }

    /// Step 1: links what the message refers to, oldest first, and puts it below the last.
    public void link(ThreadNode message, List<String> references) {
        messages.add(message);
        @Nullable ThreadNode last = null;
        for (var id : references) {
            var node = byId.computeIfAbsent(id, _ -> new ThreadNode());
            if (last != null && node.parent() == null && !loops(last, node)) {
                node.parent(last);
            }
            last = node;
        }
        // a parent it has already comes from another message's list, which may have been shortened: its own says better
        message.parent(null);
        if (last != null && !loops(last, message)) {
            message.parent(last);
        }
    }

    private static boolean loops(ThreadNode parent, ThreadNode child) {
        if (parent == child) {
            return true;
        }
        if (!child.hasChildren()) {
            return false;
        }
        int looked = 0;
        for (var at = parent.parent(); at != null; at = at.parent()) {
            if (at == child || ++looked > DEEPEST_LOOK) {
                return true;
            }
        }
        return false;
    }

    /// Steps 2 to 6, in order.
    public List<ThreadNode> references() {
        var roots = roots();
        sort(roots);
        var merged = new ArrayList<>(merge(roots));
        sort(merged);
        return merged;
    }

    /// Without subjects; ordered by the latest arrival in each thread.
    public List<ThreadNode> refs() {
        var roots = new ArrayList<>(roots());
        sort(roots);
        var latest = new IdentityHashMap<ThreadNode, Long>();
        roots.forEach(root -> latest.put(root, latest(root)));
        roots.sort(Comparator.comparing(latest::get));
        return roots;
    }

    private static Long latest(ThreadNode root) {
        long latest = Long.MIN_VALUE;
        var open = new ArrayDeque<ThreadNode>();
        open.push(root);
        while (!open.isEmpty()) {
            var node = open.pop();
            latest = node.isDummy() ? latest : Math.max(latest, node.arrival());
            node.children().forEach(open::push);
        }
        return latest;
    }

    /// Steps 2 and 3: dummies go, their children move up; but at the top one stays that holds several together.
    private List<ThreadNode> roots() {
        var above = new IdentityHashMap<ThreadNode, ThreadNode>();
        var tops = new ArrayList<ThreadNode>();
        var dummies = new ArrayList<ThreadNode>();
        for (var message : messages) {
            var parent = message.parent();
            if (parent == null) {
                tops.add(message);
                continue;
            }
            var holder = holder(parent, above);
            if (holder.isDummy() && holder.children().isEmpty()) {
                dummies.add(holder);
            }
            holder.children().add(message);
        }
        for (var dummy : dummies) {
            tops.add(dummy.children().size() == 1 ? dummy.children().getFirst() : dummy);
        }
        return tops;
    }

    /// The first place from `start` upwards that is a message, else the topmost dummy. `above` remembers, so that no way is gone twice.
    private static ThreadNode holder(ThreadNode start, Map<ThreadNode, ThreadNode> above) {
        var way = new ArrayList<ThreadNode>();
        var at = start;
        while (at.isDummy()) {
            var known = above.get(at);
            if (known != null) {
                at = known;
                break;
            }
            way.add(at);
            var parent = at.parent();
            if (parent == null) {
                break;
            }
            at = parent;
        }
        for (var dummy : way) {
            above.put(dummy, at);
        }
        return at;
    }

    /// Steps 4 and 6: siblings by date, from below, for a dummy goes by its first child.
    private static void sort(List<ThreadNode> roots) {
        var all = new ArrayList<>(roots);
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).children());
        }
        for (var node : all.reversed()) {
            if (node.children().size() > 1) {
                node.children().sort(ThreadNode.BY_DATE);
            }
        }
        roots.sort(ThreadNode.BY_DATE);
    }

    /// Step 5: threads of one base subject become one.
    private static List<ThreadNode> merge(List<ThreadNode> roots) {
        var bySubject = new HashMap<String, ThreadNode>();
        for (var root : roots) {
            if (root.subject().isEmpty()) {
                continue;
            }
            bySubject.merge(root.subject(), root, (known, next) ->
                    !known.isDummy() && (next.isDummy() || known.isReply() && !next.isReply()) ? next : known);
        }
        var gone = new IdentityHashMap<ThreadNode, Boolean>();
        var made = new ArrayList<ThreadNode>();
        for (var root : roots) {
            var known = bySubject.get(root.subject());
            if (known == null || known == root || gone.containsKey(root)) {
                continue;
            }
            gone.put(root, true);
            if (known.isDummy() && root.isDummy()) {
                known.children().addAll(root.children());
            } else if (known.isDummy() || root.isReply() && !known.isReply()) {
                known.children().add(root);
            } else {
                var both = new ThreadNode();
                both.children().add(known);
                both.children().add(root);
                bySubject.put(root.subject(), both);
                gone.put(known, true);
                made.add(both);
            }
        }
        var merged = new ArrayList<ThreadNode>();
        roots.stream().filter(root -> !gone.containsKey(root)).forEach(merged::add);
        merged.addAll(made);
        return merged;
    }
}
