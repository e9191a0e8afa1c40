package org.pintail.imap;

import org.pintail.imap.envelope.Envelopes;
import org.pintail.imap.order.Orders;
import org.pintail.imap.view.Snapshots;
import org.pintail.mail.Mail;

/// What the sessions of this node keep for each other: mailboxes as they are, envelopes that were read, orders that were made.
record Kept(Snapshots snapshots, Envelopes envelopes, Orders orders) {
    /// Nothing yet. `recent`: sessions of IMAP4rev1 see `\Recent`.
    static Kept of(Mail mail, boolean recent) {
        var envelopes = new Envelopes();
        return new Kept(new Snapshots(mail.store(), mail.clock(), recent), envelopes, new Orders(envelopes));
    }
}
