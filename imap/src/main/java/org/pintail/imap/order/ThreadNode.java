package org.pintail.imap.order;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.envelope.SubjectKey;
import org.pintail.imap.view.Columns;

/// A place in a thread: a message, or where one was referred to that is not there (a dummy, RFC 5256 §3).
public final class ThreadNode {
    public static final Comparator<ThreadNode> BY_DATE =
            Comparator.comparingLong(ThreadNode::date).thenComparingInt(ThreadNode::place);
    private int index = -1;
    private long date;
    private long arrival;
    private String subject = "";
    private boolean reply;
    private final List<ThreadNode> children = new ArrayList<>(0);
    private @Nullable ThreadNode parent;
    private boolean hasChildren;

    /// The message with this index stands here.
    public ThreadNode fill(int messageIndex, Columns columns, int at, SubjectKey key) {
        index = messageIndex;
        date = columns.sentDate(at).toEpochMilli();
        arrival = columns.internalDate(at).toEpochMilli();
        subject = key.text();
        reply = key.reply();
        return this;
    }

    int index() {
        return index;
    }

    boolean isDummy() {
        return index < 0;
    }

    /// Who speaks for it: a dummy goes by its first child.
    private ThreadNode speaker() {
        return isDummy() && !children.isEmpty() ? children.getFirst() : this;
    }

    private long date() {
        return speaker().date;
    }

    private int place() {
        return speaker().index;
    }

    long arrival() {
        return arrival;
    }

    /// The base subject as it is compared.
    public String subject() {
        return speaker().subject;
    }

    boolean isReply() {
        return speaker().reply;
    }

    public List<ThreadNode> children() {
        return children;
    }

    @Nullable ThreadNode parent() {
        return parent;
    }

    /// Was anything put below it? Only then can a link make a loop.
    boolean hasChildren() {
        return hasChildren;
    }

    void parent(@Nullable ThreadNode above) {
        parent = above;
        if (above != null) {
            above.hasChildren = true;
        }
    }
}
