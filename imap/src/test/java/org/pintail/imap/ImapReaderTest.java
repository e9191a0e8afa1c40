package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.CommandLines;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.ModifiedUtf7;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.SequenceSet;

class ImapReaderTest {
    @TempDir
    Path spool = Path.of(".");

    private ImapReader reader(CommandLines.Input input) throws IOException {
        var reader = new ImapReader(input, ImapLimits.DEFAULT, spool);
        reader.loggedIn(true);
        reader.nextCommand();
        return reader;
    }

    private ImapReader over(String text) throws IOException {
        return reader(new ByteInput(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1:", ":1", "1,", "a", "1:0", "4294967296", "99999999999999999999", "-1"})
    void whatIsNoSequenceSetIsBad(String text) throws IOException {
        var in = over(text + "\r\n");
        assertThatThrownBy(in::sequenceSet).isInstanceOf(BadCommand.class);
    }

    @Test
    void rangesOfASetMayOverlapAndRunBackwards() throws IOException {
        assertThat(over("5:3,4:6,9,*,*:8").sequenceSet().resolve(10))
                .containsExactly(new SequenceSet.Range(3, 6), new SequenceSet.Range(8, 10));
        assertThat(over("20:*").sequenceSet().resolve(10)).containsExactly(new SequenceSet.Range(10, 10));
        assertThat(over("1:*").sequenceSet().resolve(0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "{5", "{x}", "{}", "{5+", "(a)", "", "{99999999999999999999}"})
    void whatIsNoStringIsBad(String text) throws IOException {
        var in = over(text + "\r\nhello\r\n");
        assertThatThrownBy(in::astring).isInstanceOf(BadCommand.class);
    }

    @Test
    void literalsAreAskedForUnlessTheClientDoesNotWait() throws IOException {
        var input = new ByteInput("{5}\r\na\r\nbc {1+}\r\nx ~{2}\r\nyz\r\n".getBytes(StandardCharsets.UTF_8));
        var in = reader(input);
        assertThat(in.text()).isEqualTo("a\r\nbc");
        in.sp();
        assertThat(in.text()).isEqualTo("x");
        in.sp();
        assertThat(in.string()).hasSize(2);
        in.end();
        assertThat(input.prompts()).hasSize(2);
    }

    @Test
    void aLiteralTooLargeIsRefusedBeforeItIsAskedFor() throws IOException {
        var input = new ByteInput("{65537}\r\n".getBytes(StandardCharsets.UTF_8));
        var in = reader(input);
        assertThatThrownBy(in::astring).isInstanceOf(No.class);
        assertThat(input.prompts()).isEmpty();
    }

    @Test
    void beforeLoginOnlyNamesAndPasswordsAreLiterals() throws IOException {
        var input = new ByteInput("{5}\r\nalice {1}\r\n".getBytes(StandardCharsets.UTF_8));
        var in = new ImapReader(input, ImapLimits.DEFAULT, spool);
        assertThat(in.nextCommand()).isTrue();
        assertThatThrownBy(in::astring).isInstanceOf(BadCommand.class);
        assertThat(in.credential()).isEqualTo("alice");
        assertThat(input.prompts()).hasSize(1);
    }

    @Test
    void literalsOfASkippedCommandAreSkippedToo() throws IOException {
        var in = over("what {7+}\r\na NOOP\r {2+}\r\nxy\r\nnext\r\n");
        in.skipCommand();
        assertThat(in.nextCommand()).isTrue();
        assertThat(in.atom()).isEqualTo("next");
    }

    @Test
    void anEndInsideALiteralIsAnEndOfFile() throws IOException {
        var in = over("{10}\r\nabc");
        assertThatThrownBy(in::astring).isInstanceOf(EOFException.class);
    }

    @Test
    void mailboxNamesAreModifiedUtf7UntilUtf8IsAccepted() throws IOException {
        assertThat(over("&AOQ-&-b").mailbox()).isEqualTo("ä&b");
        assertThat(over("\"&AO-x\"").mailbox()).as("no modified UTF-7").isEqualTo("&AO-x");
        var in = over("\"&AOQ-ä\"");
        in.useUtf8();
        assertThat(in.mailbox()).isEqualTo("&AOQ-ä");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&", "&AOQ", "&A-", "&AO-", "&!!!!-", "&AAA-", "&2D3-", "&3gA-", "&AOQ&-", "a\0b"})
    void whatIsNoModifiedUtf7IsNone(String wire) {
        assertThat(ModifiedUtf7.decode(wire)).isEmpty();
    }

    @Test
    void theReplacementCharacterIsACharacter() {
        assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode("a\ufffdb"))).contains("a\ufffdb");
    }

    @Test
    void modifiedUtf7OfAnyNameReadsBack() {
        long seed = 20261123;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            var name = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                name.appendCodePoint(random.nextBoolean() ? ' ' + random.nextInt(95) : 0xa0 + random.nextInt(0xd000));
            }
            var wire = ModifiedUtf7.encode(name.toString());
            assertThat(wire).as("seed %s", seed).matches("[ -~]*");
            assertThat(ModifiedUtf7.decode(wire)).as("seed %s: %s", seed, wire).contains(name.toString());
        }
    }

    @Test
    void anyBytesAreACommandOrBadAndNothingElse() throws IOException {
        var random = new Random(7);
        var alphabet = "(){}\"\\*%:,.<>[]+~0159 aFETCHBODYSEARCHNOTOR\r\n\t\u00e4".getBytes(StandardCharsets.UTF_8);
        var commands = List.of("FETCH", "SEARCH", "UID STORE", "LIST", "APPEND", "STATUS", "ID", "SELECT", "SETQUOTA", "CREATE", "GETMETADATA", "SETMETADATA");
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(60) + 1];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = alphabet[random.nextInt(alphabet.length)];
            }
            bytes[0] = ' ';
            var entry = CommandTable.find(commands.get(random.nextInt(commands.size())));
            var in = reader(new ByteInput(bytes));
            try {
                assertThat(entry).isNotNull();
                if (entry != null && entry.parser().parse(in) instanceof AppendCommand append) {
                    append.close();
                }
            } catch (BadCommand | No | EOFException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }
}
