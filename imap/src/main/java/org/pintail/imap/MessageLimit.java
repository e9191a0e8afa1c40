package org.pintail.imap;

import java.util.BitSet;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.No;

/// How many messages one command works on — RFC 9738. Commands that can do part of their work do it for the messages with the highest uids,
/// and their answer says how far down they came; the others are refused, and so is a FETCH whose PARTIAL asks for more. EXPUNGE and CLOSE are not
/// limited, nor is ESEARCH.
final class MessageLimit {
    private final ImapLimits limits;
    private long lowest;

    MessageLimit(ImapLimits limits) {
        this.limits = limits;
    }

    /// `MESSAGELIMIT=n`, or `SAVELIMIT=n` where only COPY and APPEND are limited; empty without a limit.
    String capability() {
        if (limits.messages() > 0) {
            return "MESSAGELIMIT=" + limits.messages();
        }
        return limits.saves() > 0 ? "SAVELIMIT=" + limits.saves() : "";
    }

    /// The next command begins.
    void begin() {
        lowest = 0;
    }

    /// Leaves the highest of these, as many as a command may work on.
    void keep(BitSet indexes, SelectedMailbox selected) {
        int most = limits.messages();
        if (most == 0 || indexes.cardinality() <= most) {
            return;
        }
        int first = lowest(indexes, most);
        indexes.clear(0, first);
        lowest = selected.uid(first);
    }

    /// The lowest of the highest `most`.
    private static int lowest(BitSet indexes, int most) {
        int lowest = indexes.length() - 1;
        for (int kept = 1; kept < most; kept++) {
            lowest = indexes.previousSetBit(lowest - 1);
        }
        return lowest;
    }

    /// Refuses a command that works on all of them or on none.
    void refuse(int messages) {
        if (limits.messages() > 0 && messages > limits.messages()) {
            throw tooMany(limits.messages(), "");
        }
    }

    /// As [#refuse], for messages that are to be saved.
    void refuseSaving(int messages) {
        if (saves() > 0 && messages > saves()) {
            throw tooMany(saves(), "");
        }
    }

    /// As [#refuseSaving], and tells down to which uid the highest of them could be copied by one command.
    void refuseCopying(BitSet indexes, SelectedMailbox selected) {
        int most = saves();
        if (most > 0 && indexes.cardinality() > most) {
            throw tooMany(most, " " + selected.uid(lowest(indexes, most)));
        }
    }

    private int saves() {
        return limits.messages() > 0 ? limits.messages() : limits.saves();
    }

    private static No tooMany(int most, String uid) {
        return new No("MESSAGELIMIT " + most + uid, "Too many messages for one command, at most " + most);
    }

    /// Was there more to do than this command did?
    boolean reached() {
        return lowest > 0;
    }

    /// `MESSAGELIMIT n uid`: the lowest uid that was worked on.
    String code() {
        return "MESSAGELIMIT " + limits.messages() + " " + lowest;
    }
}
