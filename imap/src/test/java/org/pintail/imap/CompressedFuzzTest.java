package org.pintail.imap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.provider.MethodSource;

/// With compression on, any bytes are answered or end the connection: as they are where the first is odd (few are DEFLATE), else compressed as
/// a client would, at the level the first byte says, and cut off where the second says.
class CompressedFuzzTest {
    private static final String COMPRESS = "c COMPRESS DEFLATE\r\n";

    @RegisterExtension
    static final FuzzedDialogue DIALOGUE = new FuzzedDialogue();

    @MethodSource("org.pintail.imap.FuzzedDialogue#transcripts")
    @FuzzTest // the last annotation, or Jazzer refuses
    void anyBytesAreAnswered(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length < 2) {
            return;
        }
        var rest = Arrays.copyOfRange(bytes, 2, bytes.length);
        DIALOGUE.say(true, COMPRESS, bytes[0] % 2 == 0 ? deflated(rest, Math.floorMod(bytes[0] >> 1, 10), bytes[1] & 0x7f) : rest);
    }

    private static byte[] deflated(byte[] bytes, int level, int cut) {
        try (var deflater = new Deflater(level, true)) {
            deflater.setInput(bytes);
            var compressed = new byte[bytes.length * 2 + 100];
            int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(compressed, Math.max(0, length - cut / 8));
        }
    }
}
