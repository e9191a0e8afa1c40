package org.pintail.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The Lua scripts, each one atomic step; what they take and return stands in their first lines. Redis knows a script by its hash after the
/// first call.
enum Script {
    BEAT("beat"),
    PUBLISH("publish"),
    COUNTER_ADD("counter-add"),
    COUNTER_READ("counter-read"),
    LOCK_ACQUIRE("lock-acquire"),
    LOCK_EXTEND("lock-extend"),
    LOCK_RELEASE("lock-release"),
    ONETIME_FIND("onetime-find"),
    SEAT_TAKE("seat-take"),
    SEAT_SET("seat-set"),
    JOB_ADD("job-add"),
    JOB_CLAIM("job-claim"),
    JOB_SETTLE("job-settle"),
    JOB_ASIDE("job-aside"),
    JOB_DEAD("job-dead");

    private final String text;
    private final String hash;

    Script(String name) {
        try (var in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("no script " + name);
            }
            var bytes = in.readAllBytes();
            text = new String(bytes, StandardCharsets.UTF_8);
            hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    String text() {
        return text;
    }

    String hash() {
        return hash;
    }
}
