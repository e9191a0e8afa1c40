package org.pintail.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Authentication;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.net.Connection;
import org.pintail.sasl.Sasl;

/// Takes everything and keeps it, but for the recipients `nobody` (unknown) and `broken` (the message cannot be taken for a bug of ours).
/// alice's password is `secret`.
final class RecordingPolicy implements SmtpPolicy {
    private final Settings settings;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    /// `body` has a character per byte.
    record Received(String protocol, String helo, String sender, List<String> recipients, String login, String body) {
        Received {
            recipients = List.copyOf(recipients);
        }
    }

    /// Made once: hashing takes its time.
    private static final class Accounts {
        private static final Sasl SASL = make();

        private static Sasl make() {
            var mail = new Mail(new MemoryStore(Clock.systemUTC()), MailSettings.defaults("mail.example.org"), Clock.systemUTC());
            mail.accounts().create(org.pintail.mail.Accounts.New.of("alice", "secret", "alice@example.org"));
            return new Sasl(mail.authentication(), Optional.empty());
        }
    }

    RecordingPolicy(Settings settings) {
        this.settings = settings;
    }

    List<Received> received() {
        return received;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Session open(Connection connection) {
        return new Session() {
            @Override
            public Sasl sasl() {
                return Accounts.SASL;
            }

            @Override
            public void mail(Sender sender, Authentication.Result.@Nullable Success login) {
                if (sender.text().startsWith("spammer@")) {
                    throw SmtpDialogue.refused(550, "5.7.1", "Not from you");
                }
            }

            @Override
            public void rcpt(MailAddress recipient, Map<String, String> parameters) {
                if (recipient.local().equals("nobody")) {
                    throw SmtpDialogue.refused(550, "5.1.1", "No such user");
                }
            }

            @Override
            public List<SmtpReply> data(Transaction transaction) {
                return take(transaction);
            }
        };
    }

    private List<SmtpReply> take(Transaction t) {
        if (t.recipients().getFirst().local().equals("broken")) {
            throw new IllegalStateException("a bug, for a test");
        }
        try {
            var login = t.login();
            received.add(new Received(
                    t.protocol(),
                    t.heloName(),
                    t.sender().text(),
                    t.recipients().stream().map(MailAddress::toString).toList(),
                    login == null ? "" : login.username(),
                    new String(t.body().readAll(), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.nCopies(settings.lmtp() ? t.recipients().size() : 1, new SmtpReply(250, "2.0.0", "Taken"));
    }
}
