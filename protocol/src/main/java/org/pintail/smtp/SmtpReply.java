package org.pintail.smtp;

import java.util.List;

/// A reply: code, enhanced status code (RFC 3463; "" for none) and lines of text.
public record SmtpReply(int code, String status, List<String> lines) {
    public SmtpReply {
        lines = List.copyOf(lines);
    }

    public SmtpReply(int code, String status, String text) {
        this(code, status, List.of(text));
    }

    public boolean positive() {
        return code < 400;
    }

    public boolean temporary() {
        return code >= 400 && code < 500;
    }

    public String text() {
        return String.join(" ", lines);
    }

    /// Answers the command with this reply. `closes`: the connection ends after it.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient SmtpReply reply;
        private final boolean closes;

        public Refused(SmtpReply reply) {
            this(reply, false);
        }

        public Refused(SmtpReply reply, boolean closes) {
            super(reply.code() + " " + reply.text());
            this.reply = reply;
            this.closes = closes;
        }

        public SmtpReply reply() {
            return reply;
        }

        public boolean closes() {
            return closes;
        }
    }
}
