package org.pintail.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.pintail.api.MailServers.Endpoint;

/// A configuration profile of Apple's Mail: one mail account with its password, ready to install. It is not signed: the device says so and
/// installs it.
final class AppleProfile {
    private final StringBuilder out = new StringBuilder();

    /// Who logs in. `name` is the person's, `description` what the password is for.
    record Login(String name, String address, String username, String password, String description) {}

    private AppleProfile() {}

    /// `scopes` hold imap or pop3; imap is taken where both are there.
    static byte[] of(MailServers servers, Login login, List<String> scopes) {
        var profile = new AppleProfile();
        profile.write(servers, login, scopes.contains("imap"));
        return profile.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(MailServers servers, Login login, boolean imap) {
        var identifier = servers.smtp().host() + ".mail";
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n")
                .append("<plist version=\"1.0\">\n<dict>\n<key>PayloadContent</key>\n<array>\n<dict>\n");
        text("EmailAccountDescription", login.address());
        text("EmailAccountName", login.name());
        text("EmailAccountType", imap ? "EmailTypeIMAP" : "EmailTypePOP");
        text("EmailAddress", login.address());
        server("Incoming", imap ? servers.imap() : servers.pop3(), login.username());
        text("IncomingPassword", login.password());
        server("Outgoing", servers.smtp(), login.username());
        yes("OutgoingPasswordSameAsIncomingPassword");
        payload("com.apple.mail.managed", identifier + ".account", login);
        out.append("</dict>\n</array>\n");
        payload("Configuration", identifier, login);
        out.append("</dict>\n</plist>\n");
    }

    private void server(String direction, Endpoint endpoint, String username) {
        var name = direction + "MailServer";
        text(name + "Authentication", "EmailAuthPassword");
        text(name + "HostName", endpoint.host());
        number(name + "PortNumber", endpoint.port());
        yes(name + "UseSSL");
        text(name + "Username", username);
    }

    /// Identifiers stay the same for an account, so that a newer profile takes the place of an older one.
    private void payload(String type, String identifier, Login login) {
        var own = identifier + "." + login.username();
        text("PayloadType", type);
        number("PayloadVersion", 1);
        text("PayloadIdentifier", own);
        text("PayloadUUID", UUID.nameUUIDFromBytes(own.getBytes(StandardCharsets.UTF_8)).toString());
        text("PayloadDisplayName", login.address());
        text("PayloadDescription", login.description());
    }

    private void text(String key, String value) {
        out.append("<key>").append(key).append("</key><string>");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> out.append(c < ' ' || c >= 0xFFFE ? ' ' : c); // XML 1.0 §2.2 has no place for control characters
            }
        }
        out.append("</string>\n");
    }

    private void number(String key, int value) {
        out.append("<key>").append(key).append("</key><integer>").append(value).append("</integer>\n");
    }

    private void yes(String key) {
        out.append("<key>").append(key).append("</key><true/>\n");
    }
}
