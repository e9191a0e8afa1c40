package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.mail.Authentication;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.smtp.SmtpReply;

/// The other side of the demo's outgoing mail: takes everything into files, except recipients that begin with `bounce`, which it refuses.
final class CapturePolicy implements SmtpPolicy {
    private final Path directory;

    CapturePolicy(Path directory) {
        this.directory = directory;
    }

    @Override
    public Settings settings() {
        return new Settings("sink.localhost", "captures everything", false, false, false, 64L << 20, 100);
    }

    @Override
    public Session open(Connection connection) {
        return new Session() {
            @Override
            public void mail(Sender sender, Authentication.Result.@Nullable Success login) {
                // every sender is welcome
            }

            @Override
            public void rcpt(MailAddress recipient, Map<String, String> parameters) {
                if (recipient.local().startsWith("bounce")) {
                    throw new SmtpReply.Refused(new SmtpReply(550, "5.1.1", "No such user here"));
                }
            }

            @Override
            public List<SmtpReply> data(Transaction transaction) {
                var file = directory.resolve(transaction.id().replaceAll("[^A-Za-z0-9.-]", "_") + ".eml");
                try (var out = Files.newOutputStream(file)) {
                    transaction.body().writeTo(out);
                } catch (IOException e) {
                    throw new SmtpReply.Refused(new SmtpReply(451, "4.3.0", "Cannot write the file: " + e.getMessage()));
                }
                return List.of(new SmtpReply(250, "2.0.0", "Captured as " + file.getFileName()));
            }
        };
    }
}
