package org.pintail.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.mail.Authentication;
import org.pintail.mime.Spool;
import org.pintail.net.Connection;

/// One mail transaction: sender, recipients, and the bytes of the message by DATA or BDAT (RFC 3030).
final class Transfer implements AutoCloseable {
    private static final int BLOCK = 16 * 1024;
    private final Connection connection;
    private final SmtpPolicy.Settings settings;
    private final SmtpPolicy.Session session;
    private final Spool spool;
    private final List<MailAddress> recipients = new ArrayList<>();
    private SmtpPolicy.@Nullable Sender sender;
    private Authentication.Result.@Nullable Success login;
    private boolean refusedSome;
    private boolean chunks;
    private boolean overSize;

    Transfer(Connection connection, SmtpPolicy.Settings settings, SmtpPolicy.Session session, Path spools) {
        this.connection = connection;
        this.settings = settings;
        this.session = session;
        this.spool = new Spool(spools);
    }

    boolean inProgress() {
        return sender != null;
    }

    boolean utf8() {
        return sender != null && sender.utf8();
    }

    void mail(PathArguments arguments, boolean extended, Authentication.Result.@Nullable Success as) {
        if (sender != null) {
            throw SmtpDialogue.refused(503, "5.5.1", "A transaction is open already");
        }
        var parameters = arguments.parameters();
        if (!extended && !parameters.isEmpty()) {
            throw SmtpDialogue.refused(555, "5.5.4", "Parameters need EHLO");
        }
        for (var name : parameters.keySet()) {
            switch (name) {
                case "SIZE" -> checkSize(parameters.get(name));
                case "BODY", "SMTPUTF8", "AUTH" -> {
                    // taken as they are: every body is kept byte for byte
                }
                default -> throw SmtpDialogue.refused(555, "5.5.4", "Parameter " + name + " is not known");
            }
        }
        var from = new SmtpPolicy.Sender(arguments.address(), parameters, parameters.containsKey("SMTPUTF8"));
        checkUtf8(from.text(), from.utf8());
        session.mail(from, as);
        sender = from;
        login = as;
    }

    private static void checkUtf8(String address, boolean allowed) {
        if (!allowed && !address.chars().allMatch(c -> c < 0x80) && !address.substring(0, address.lastIndexOf('@')).chars().allMatch(c -> c < 0x80)) {
            throw SmtpDialogue.refused(553, "5.6.7", "This address needs SMTPUTF8"); // RFC 6531 §3.5
        }
    }

    private void checkSize(@Nullable String size) {
        boolean digits = size != null && !size.isEmpty() && size.length() <= 18 && size.chars().allMatch(Character::isDigit);
        if (!digits) {
            throw SmtpDialogue.refused(501, "5.5.4", "Syntax: SIZE=bytes");
        }
        if (Long.parseLong(size) > settings.maxSize()) {
            throw tooBig();
        }
    }

    private SmtpReply.Refused tooBig() {
        return SmtpDialogue.refused(552, "5.3.4", "Message larger than " + settings.maxSize() + " bytes");
    }

    void rcpt(PathArguments arguments) {
        if (sender == null) {
            throw SmtpDialogue.refused(503, "5.5.1", "Say MAIL first");
        }
        if (recipients.size() >= settings.maxRecipients()) {
            throw SmtpDialogue.refused(452, "4.5.3", "Too many recipients; send the rest in another transaction");
        }
        var address = java.util.Objects.requireNonNull(arguments.address());
        try {
            checkUtf8(address.toString(), sender.utf8());
            session.rcpt(address, arguments.parameters());
        } catch (SmtpReply.Refused e) {
            refusedSome = true;
            throw e;
        }
        recipients.add(address);
    }

    void checkReady(boolean byData) {
        if (sender == null) {
            throw SmtpDialogue.refused(503, "5.5.1", "Say MAIL first");
        }
        if (recipients.isEmpty()) {
            throw refusedSome ? SmtpDialogue.refused(554, "5.5.1", "No valid recipients") : SmtpDialogue.refused(503, "5.5.1", "Say RCPT first");
        }
        if (byData && chunks) {
            throw SmtpDialogue.refused(503, "5.5.1", "BDAT has begun; DATA cannot be mixed with it");
        }
    }

    List<SmtpReply> data(String helo, String protocol) throws IOException {
        var reader = new DataReader(connection, spool, settings.maxSize());
        reader.read();
        if (reader.tooBig()) {
            return refuseAll(tooBig());
        }
        if (reader.bareBreak()) {
            return refuseAll(SmtpDialogue.refused(550, "5.6.0", "Message contains a bare CR or LF; line breaks are CRLF (RFC 5321 section 2.3.8)"));
        }
        return deliver(helo, protocol);
    }

    ///     bdat-cmd = "BDAT" SP chunk-size [SP "LAST"]
    List<SmtpReply> chunk(String arguments, String helo, String protocol) throws IOException {
        var words = arguments.split(" +", -1);
        boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
        if (words.length > 2 || words.length == 2 && !last || !words[0].matches("\\d{1,12}")) {
            throw new SmtpReply.Refused(new SmtpReply(501, "5.5.4", "Syntax: BDAT size [LAST]"), true);
        }
        long length = Long.parseLong(words[0]);
        boolean wanted = sender != null && !recipients.isEmpty();
        overSize |= spool.size() + length > settings.maxSize();
        read(length, wanted && !overSize);
        chunks = wanted;
        if (!wanted) {
            checkReady(false);
        }
        if (!last) {
            if (overSize) {
                throw tooBig();
            }
            return List.of(new SmtpReply(250, "2.0.0", length + " octets received"));
        }
        return overSize ? refuseAll(tooBig()) : deliver(helo, protocol);
    }

    private void read(long length, boolean keep) throws IOException {
        var block = new byte[(int) Math.min(BLOCK, Math.max(1, length))];
        for (long left = length; left > 0; ) {
            int count = connection.read(block, 0, (int) Math.min(block.length, left));
            if (count < 0) {
                throw new EOFException("the client left in the middle of a chunk");
            }
            if (keep) {
                spool.write(block, 0, count);
            }
            left -= count;
        }
    }

    private List<SmtpReply> deliver(String helo, String protocol) throws IOException {
        var from = java.util.Objects.requireNonNull(sender);
        try {
            return session.data(new SmtpPolicy.Transaction(transactionId(), helo, protocol, from, List.copyOf(recipients), login, spool));
        } catch (SmtpReply.Refused e) {
            return refuseAll(e);
        } finally {
            reset();
        }
    }

    /// LMTP answers once per recipient (RFC 2033 §4.2), SMTP once.
    private List<SmtpReply> refuseAll(SmtpReply.Refused why) throws IOException {
        int count = settings.lmtp() ? recipients.size() : 1;
        reset();
        return java.util.Collections.nCopies(count, why.reply());
    }

    private String transactionId() {
        return connection.session() + "." + Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36), 36);
    }

    void reset() throws IOException {
        if (sender != null) {
            session.reset();
        }
        sender = null;
        login = null;
        recipients.clear();
        refusedSome = false;
        chunks = false;
        overSize = false;
        spool.reset();
    }

    @Override
    public void close() {
        spool.close();
    }
}
