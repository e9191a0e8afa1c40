package org.pintail.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.CommandLines;

/// Lines and literals out of an array.
final class ByteInput implements CommandLines.Input {
    private final byte[] bytes;
    private final List<String> prompts = new ArrayList<>();
    private int at;

    ByteInput(byte[] bytes) {
        this.bytes = bytes;
    }

    List<String> prompts() {
        return prompts;
    }

    @Override
    public byte @Nullable [] readLine(int limit) {
        if (at == bytes.length) {
            return null;
        }
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        int length = end > at && bytes[end - 1] == '\r' ? end - at - 1 : end - at;
        var line = Arrays.copyOfRange(bytes, at, at + length);
        at = Math.min(end + 1, bytes.length);
        return line;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        int count = Math.min(length, bytes.length - at);
        if (count == 0) {
            return -1;
        }
        System.arraycopy(bytes, at, into, from, count);
        at += count;
        return count;
    }

    @Override
    public void goOn(String text) {
        prompts.add(text);
    }
}
