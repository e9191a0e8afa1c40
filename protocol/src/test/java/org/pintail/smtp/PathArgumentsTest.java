package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// RFC 5321 §4.1.2: what stands behind MAIL FROM: and RCPT TO:.
class PathArgumentsTest {
    private static final List<List<String>> BAD = List.of(
            List.of("", "nothing"),
            List.of("<", "no end"),
            List.of("<a@b", "no end of the path"),
            List.of("<\"a@b>", "an open quote"),
            List.of("<a>", "no domain"),
            List.of("<a b@c>", "a blank outside quotes"),
            List.of("<a@b> =x", "a parameter without a name"),
            List.of("<a@b> -x=y", "a keyword begins with a letter or digit"),
            List.of("<a@b> \u00e4=y", "a keyword is ASCII"),
            List.of("<a@b> A_B=y", "no keyword"),
            List.of("<a@b>" + " a=b c=d e=f g=h".repeat(1) + " i j k l m n o p q r s t u v w x y z", "more than 20 parameters"));

    @Test
    void whatIsNoPathIsRefused() {
        for (var row : BAD) {
            assertThatThrownBy(() -> PathArguments.sender(row.get(0), "MAIL FROM:<address>"))
                    .as(row.get(1))
                    .isInstanceOfSatisfying(SmtpReply.Refused.class, e -> assertThat(e.reply().code()).isEqualTo(501));
        }
    }

    @Test
    void pathsAndParametersAreRead() {
        assertThat(PathArguments.sender("<>", "").address()).isNull();
        assertThat(PathArguments.sender("<>  SIZE=5 body=8BITMIME SMTPUTF8", "").parameters())
                .isEqualTo(Map.of("SIZE", "5", "BODY", "8BITMIME", "SMTPUTF8", ""));
        assertThat(String.valueOf(PathArguments.sender("a@b SIZE=5", "").address())).as("QUIRK: no brackets").isEqualTo("a@b");
        assertThat(String.valueOf(PathArguments.recipient("<@x,@y:a@b>", "h", "").address())).as("a source route").isEqualTo("a@b");
        assertThat(String.valueOf(PathArguments.recipient("<\"a>b\"@c>", "h", "").address())).isEqualTo("\"a>b\"@c");
        assertThat(String.valueOf(PathArguments.recipient("<Postmaster>", "h.example", "").address())).isEqualTo("Postmaster@h.example");
    }
}
