package org.pintail.imap.wire;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Tells a client whose command takes long how far it is (RFC 9585): nothing for what is quick, then a line now and then.
///
///     resp-text-code =/ "INPROGRESS" [SP "(" (quoted / nil) SP (nil SP nil / number SP nil / number SP nz-number) ")"]
public final class Progress {
    /// RFC 9585 §4: every 10 to 15 seconds.
    static final Duration INTERVAL = Duration.ofSeconds(12);
    private static final int LOOK_EVERY = 64; // steps between two looks at the clock
    private final Clock clock;
    private final Responses out;
    private final String tag;
    private long next;
    private long done;
    private long goal;

    /// `tag` is that of the command, which begins now.
    public Progress(Clock clock, Responses out, String tag) {
        this.clock = clock;
        this.out = out;
        this.tag = tag;
        this.next = clock.millis() + INTERVAL.toMillis();
    }

    /// So much more is to be done.
    public void expect(long more) {
        goal += more;
    }

    /// One more is done; the client hears of it when it is time.
    public void step() throws IOException {
        if (++done % LOOK_EVERY == 0 && clock.millis() >= next) {
            next = clock.millis() + INTERVAL.toMillis();
            tell();
        }
    }

    /// RFC 9585 §4: a tag with "]" in it would end the code; and a goal is beyond what is done, or it is not known.
    private void tell() throws IOException {
        out.ascii("* OK [INPROGRESS (");
        if (tag.indexOf(']') < 0) {
            out.string(tag);
        } else {
            out.ascii("NIL");
        }
        out.sp().number(done).sp();
        if (done < goal) {
            out.number(goal);
        } else {
            out.ascii("NIL");
        }
        out.ascii(")] Still working").crlf();
        out.flush();
    }
}
