package org.pintail.dkim;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.pintail.header.Headers;
import org.pintail.mime.Source;

/// Takes a message in one pass, in chunks of any size. When the header is complete it is asked which hashes of the body are wanted.
/// The result does not depend on how the bytes were cut.
public final class MessageScan extends OutputStream {
    private final DkimLimits limits;
    private final Function<Headers, Collection<BodyHash.Kind>> wanted;
    private byte[] header = new byte[4096];
    private int headerLength;
    private int lineStart;
    private boolean inBody;
    private boolean tooLarge;
    private Headers headers = Headers.EMPTY;
    private List<BodyHasher> hashers = List.of();

    public MessageScan(DkimLimits limits, Function<Headers, Collection<BodyHash.Kind>> wanted) {
        this.limits = limits;
        this.wanted = wanted;
    }

    public static ScannedMessage of(Source message, DkimLimits limits, Function<Headers, Collection<BodyHash.Kind>> wanted) throws IOException {
        var scan = new MessageScan(limits, wanted);
        try (var in = message.open()) {
            in.transferTo(scan);
        }
        return scan.finish();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && !inBody) {
            if (headerLength == limits.headerBytes()) {
                tooLarge = true;
                startBody();
                return;
            }
            headerByte(bytes[at++]);
        }
        if (!tooLarge) {
            for (var hasher : hashers) {
                hasher.update(bytes, at, end - at);
            }
        }
    }

    private void headerByte(byte b) {
        if (headerLength == header.length) {
            header = Arrays.copyOf(header, Math.min(limits.headerBytes(), 2 * header.length));
        }
        header[headerLength++] = b;
        if (b == '\n') {
            int length = headerLength - lineStart;
            if (length == 1 || length == 2 && header[lineStart] == '\r') {
                headerLength = lineStart;
                startBody();
            }
            lineStart = headerLength;
        }
    }

    private void startBody() {
        inBody = true;
        if (tooLarge) {
            return;
        }
        headers = Headers.parse(header, headerLength, Integer.MAX_VALUE);
        var kinds = new EnumMap<Canonicalization, List<BodyHash.Kind>>(Canonicalization.class);
        for (var kind : new LinkedHashSet<>(wanted.apply(headers))) {
            kinds.computeIfAbsent(kind.canonicalization(), _ -> new ArrayList<>()).add(kind);
        }
        hashers = kinds.entrySet().stream().map(e -> new BodyHasher(e.getKey(), e.getValue())).toList();
    }

    /// The end of the message.
    public ScannedMessage finish() {
        if (!inBody) {
            startBody();
        }
        Map<BodyHash.Kind, BodyHash> hashes = new HashMap<>();
        hashers.forEach(hasher -> hasher.finish(hashes));
        return new ScannedMessage(headers, hashes, tooLarge);
    }
}
