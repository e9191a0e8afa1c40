/// Messages of a mailbox in an order (SORT) and in threads (THREAD): RFC 5256, RFC 5957. Read first: [MessageSort], [ReferenceThreads].
/// [MailboxOrders] moves what was made once forward when messages come and go; [Orders] bounds what is kept.
@NullMarked
package org.pintail.imap.order;

import org.jspecify.annotations.NullMarked;
