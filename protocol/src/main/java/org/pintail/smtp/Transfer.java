package org.pintail.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.mail.Authentication;
import org.pintail.mime.Spool;
import org.pintail.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One mail transaction: sender, recipients, and the bytes of the message by DATA or BDAT (RFC 3030).
final class Transfer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
    private static final int BLOCK = 16 * 1024;
    private final Connection connection;
    private final SmtpPolicy.Settings settings;
    private final SmtpPolicy.Session session;
    private final SmtpLimits limits;
    private final Spool spool;
    private final List<MailAddress> recipients = new ArrayList<>();
    private SmtpPolicy.@Nullable Sender sender;
    private Authentication.Result.@Nullable Success login;
    private boolean refusedSome;
    private boolean chunks;
    private boolean overSize;

    Transfer(Connection connection, SmtpPolicy.Settings settings, SmtpPolicy.Session session, SmtpLimits limits, Path spools) {
        this.connection = connection;
        this.settings = settings;
        this.session = session;
        this.limits = limits;
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
                case "BODY" -> checkBody(parameters.get(name));
                case "SMTPUTF8", "AUTH" -> {
                    // taken as they are
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

    /// RFC 6152 §3: every body is kept byte for byte, so both are the same here.
    private static void checkBody(@Nullable String type) {
        if (!"8BITMIME".equalsIgnoreCase(type) && !"7BIT".equalsIgnoreCase(type)) {
            throw SmtpDialogue.refused(501, "5.5.4", "Syntax: BODY=7BIT or BODY=8BITMIME");
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
        if (chunks) {
            throw SmtpDialogue.refused(503, "5.5.1", "BDAT has begun; recipients come before it"); // RFC 3030 §2
        }
        if (!arguments.parameters().isEmpty()) {
            throw SmtpDialogue.refused(555, "5.5.4", "Parameters of RCPT are not known"); // RFC 5321 §4.1.1.11: none was offered
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
        var reader = new DataReader(spool, settings.maxSize());
        reader.read(connection, limits.data());
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
        overSize |= wanted && spool.size() + length > settings.maxSize();
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
        long start = System.nanoTime();
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
            if (System.nanoTime() - start > limits.data().toNanos()) {
                throw new SocketTimeoutException("the chunk took longer than " + limits.data());
            }
        }
    }

    private List<SmtpReply> deliver(String helo, String protocol) throws IOException {
        var from = java.util.Objects.requireNonNull(sender);
        try {
            return session.data(new SmtpPolicy.Transaction(transactionId(), helo, protocol, from, List.copyOf(recipients), login, spool));
        } catch (SmtpReply.Refused e) {
            return refuseAll(e);
        } catch (RuntimeException e) {
            LOG.error("message not taken session={} ip={}", connection.session(), connection.remoteIp(), e);
            return refuseAll(new SmtpReply.Refused(SmtpDialogue.INTERNAL)); // LMTP: one for each recipient
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
