package org.pintail.api;

import org.pintail.api.table.Table;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;

/// The whole table.
final class Api {
    private Api() {}

    static Table table(Mail mail, Outbox outbox, AccessTokens tokens, MailServers servers, boolean metrics) {
        var table = new Table();
        var messages = new MessageOperations(mail, outbox);
        new UserOperations(mail, tokens).register(table);
        new AddressOperations(mail).register(table);
        new MailboxOperations(mail).register(table);
        messages.register(table);
        new SearchOperations(mail, messages).register(table);
        new SubmitOperations(mail, outbox).register(table);
        new OutboundOperations(mail, outbox).register(table);
        new StorageOperations(mail).register(table);
        new AuthOperations(mail, tokens).register(table);
        new AspOperations(mail, servers).register(table);
        new AutoreplyOperations(mail).register(table);
        new FilterOperations(mail).register(table);
        new DomainOperations(mail).register(table);
        new UpdateOperations(mail).register(table);
        new SystemOperations(mail, outbox).register(table, metrics);
        return table;
    }
}
