package org.pintail.api;

/// Where mail programs find this installation, as they are told in profiles: always with TLS from the first byte.
public record MailServers(Endpoint imap, Endpoint pop3, Endpoint smtp) {
    /// A host name and a port.
    public record Endpoint(String host, int port) {}
}
