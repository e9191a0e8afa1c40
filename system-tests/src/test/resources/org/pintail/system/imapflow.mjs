// ImapFlow and Nodemailer as a webmail uses them. Arguments: host, port of IMAP, port of submission, user, password. Prints what it saw as JSON.
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';

const [host, imap, submission, user, pass] = process.argv.slice(2);
const seen = {};

const transport = createTransport({ host, port: +submission, requireTLS: true, auth: { user, pass }, tls: { rejectUnauthorized: false } });
const sent = await transport.sendMail({
    from: `${user}@example.com`,
    to: 'friend@example.org',
    subject: 'Tere, õhtu',
    text: 'from Nodemailer',
    html: '<p>from <b>Nodemailer</b></p>',
    attachments: [{ filename: 'täht.txt', content: 'attached' }]
});
seen.accepted = sent.accepted;
transport.close();

const client = new ImapFlow({ host, port: +imap, secure: false, auth: { user, pass }, logger: false, tls: { rejectUnauthorized: false }, qresync: true });
const other = new ImapFlow({ host, port: +imap, secure: false, auth: { user, pass }, logger: false, tls: { rejectUnauthorized: false } });
await client.connect();
seen.secure = client.secureConnection;
seen.enabled = [...client.enabled].sort();
seen.folders = (await client.list({ statusQuery: { messages: true, unseen: true } })).map(f => `${f.path} ${f.specialUse || '-'} ${f.status?.messages}`);
await client.mailboxCreate('Projects');
await client.mailboxCreate(['Projects', 'Märkmed']);
const appended = await client.append('Projects/Märkmed', 'Subject: note\r\n\r\nfrom ImapFlow\r\n', ['\\Seen', 'marked'], new Date('2024-02-29T12:00:00Z'));
seen.appended = { uid: appended.uid, path: appended.destination };

let lock = await client.getMailboxLock('Projects/Märkmed');
await client.append('Projects/Märkmed', 'Subject: second\r\n\r\nx\r\n', []);
seen.messages = [];
for await (const message of client.fetch('1:*', { uid: true, flags: true, envelope: true, internalDate: true, size: true, threadId: true, bodyStructure: true, labels: true })) {
    seen.messages.push([message.uid, message.envelope.subject, [...message.flags].sort().join(' '), message.size]);
}
seen.found = await client.search({ or: [{ subject: 'note' }, { body: 'nothing' }], seen: true }, { uid: true });
seen.flagged = await client.messageFlagsAdd({ uid: '1:2' }, ['\\Flagged']);
const part = await client.download('1', 'TEXT', { uid: true });
seen.text = (await part.content.toArray()).join('');
const copied = await client.messageCopy('1', 'INBOX', { uid: true });
seen.copied = [...copied.uidMap.keys()];
seen.moved = [...(await client.messageMove('2', 'Trash', { uid: true })).uidMap.keys()];
seen.left = client.mailbox.exists;
lock.release();

// a message that comes while it idles
lock = await client.getMailboxLock('INBOX');
const before = client.mailbox.exists;
const came = new Promise(resolve => client.once('exists', resolve));
const idling = client.idle();
await other.connect();
await other.append('INBOX', 'Subject: while idle\r\n\r\nx\r\n');
const event = await came;
seen.came = event.count - before;
const [changed] = await Promise.all([
    new Promise(resolve => client.once('flags', resolve)),
    other.getMailboxLock('INBOX').then(async l => { await other.messageFlagsSet('*', ['\\Answered']); l.release(); })
]);
seen.changed = [...changed.flags];
await client.noop();
await idling;
seen.deleted = await client.messageDelete('1:*');
seen.inbox = client.mailbox.exists;
lock.release();
await client.mailboxRename('Projects', 'Old');
seen.renamed = (await client.list()).map(f => f.path).filter(p => p.startsWith('Old'));
await client.mailboxDelete('Old/Märkmed');
seen.quota = (await client.getQuota('INBOX')).storage.limit > 0;
await other.logout();
await client.logout();
console.log(JSON.stringify(seen));
