package org.pintail.dmarcrpt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipInputStream;

/// Reports travel in gzip, some in zip. What comes out is bounded: a few kilobytes may claim to hold gigabytes.
public final class CompressedReport {
    /// Bytes of a report after decompression.
    public static final int MAX_SIZE = 10 << 20;

    private CompressedReport() {}

    public static byte[] gzip(byte[] report) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// gzip, the first file of a zip, or as it is, told by its first bytes. Throws [DmarcReport.Invalid].
    public static byte[] open(byte[] data) {
        try {
            if (begins(data, 0x1f, 0x8b)) {
                try (var in = new GZIPInputStream(new ByteArrayInputStream(data))) {
                    return bounded(in);
                }
            }
            if (begins(data, 'P', 'K')) {
                try (var in = new ZipInputStream(new ByteArrayInputStream(data))) {
                    if (in.getNextEntry() == null) {
                        throw new DmarcReport.Invalid("expected a file in the zip");
                    }
                    return bounded(in);
                }
            }
            return bounded(new ByteArrayInputStream(data));
        } catch (IOException | IllegalArgumentException e) { // names in a zip that are no text
            throw new DmarcReport.Invalid("expected a report in gzip or zip: " + e.getMessage(), e);
        }
    }

    private static boolean begins(byte[] data, int first, int second) {
        return data.length > 2 && (data[0] & 0xff) == first && (data[1] & 0xff) == second;
    }

    private static byte[] bounded(InputStream in) throws IOException {
        var bytes = in.readNBytes(MAX_SIZE + 1);
        if (bytes.length > MAX_SIZE) {
            throw new DmarcReport.Invalid("a report of more than " + MAX_SIZE + " bytes");
        }
        return bytes;
    }
}
