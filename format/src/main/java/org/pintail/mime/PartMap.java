package org.pintail.mime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Headers;

/// A tree of parts as a few bytes, so that a stored message need not be parsed again to cut a part out of it.
public final class PartMap {
    private static final int VERSION = 1;
    private static final int MAX_TEXT = 16_000;

    private PartMap() {}

    /// Everything [#decode] gives back except header fields: offsets, types, encodings, parameters, dispositions.
    public static byte[] encode(MimePart root) {
        var bytes = new ByteArrayOutputStream(128);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(root, out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /// The tree without its header fields ([MimePart#headers] is empty: read them from the message where needed). Fails with
    /// `IllegalArgumentException` on bytes that [#encode] did not write.
    public static MimePart decode(byte[] encoded) {
        return decode(encoded, 0);
    }

    /// The same with every offset moved by `shift` bytes: for a message that got bytes in front after it was parsed. The header of the
    /// message itself still begins at 0.
    public static MimePart decode(byte[] encoded, long shift) {
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("unknown version of a part map");
            }
            return read(in, shift, true);
        } catch (IOException e) {
            throw new IllegalArgumentException("a part map ends early", e);
        }
    }

    private static void write(MimePart part, DataOutputStream out) throws IOException {
        out.writeUTF(part.number());
        out.writeLong(part.headerStart());
        out.writeInt((int) (part.bodyStart() - part.headerStart()));
        out.writeLong(part.bodyEnd());
        out.writeInt(part.lines());
        text(part.type(), out);
        text(part.subtype(), out);
        write(part.parameters(), out);
        text(part.encoding(), out);
        out.writeBoolean(part.disposition() != null);
        if (part.disposition() != null) {
            text(part.disposition(), out);
            write(part.dispositionParameters(), out);
        }
        out.writeShort(part.children().size());
        for (var child : part.children()) {
            write(child, out);
        }
        out.writeBoolean(part.message() != null);
        if (part.message() != null) {
            write(part.message(), out);
        }
    }

    private static void write(Parameters parameters, DataOutputStream out) throws IOException {
        out.writeByte(parameters.list().size());
        for (var p : parameters.list()) {
            text(p.name(), out);
            text(p.value(), out);
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        out.writeUTF(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }

    private static MimePart read(DataInputStream in, long shift, boolean root) throws IOException {
        var number = in.readUTF();
        long headerStart = in.readLong();
        long bodyStart = headerStart + in.readInt() + shift;
        long bodyEnd = in.readLong() + shift;
        int lines = in.readInt();
        var type = in.readUTF();
        var subtype = in.readUTF();
        var parameters = readParameters(in);
        var encoding = in.readUTF();
        @Nullable String disposition = null;
        var dispositionParameters = Parameters.NONE;
        if (in.readBoolean()) {
            disposition = in.readUTF();
            dispositionParameters = readParameters(in);
        }
        int count = in.readUnsignedShort();
        var children = new ArrayList<MimePart>(count);
        for (int i = 0; i < count; i++) {
            children.add(read(in, shift, false));
        }
        var message = in.readBoolean() ? read(in, shift, false) : null;
        return new MimePart(
                number,
                root ? headerStart : headerStart + shift,
                bodyStart,
                bodyEnd,
                lines,
                type,
                subtype,
                parameters,
                encoding,
                disposition,
                dispositionParameters,
                Headers.EMPTY,
                children,
                message);
    }

    private static Parameters readParameters(DataInputStream in) throws IOException {
        int count = in.readUnsignedByte();
        if (count == 0) {
            return Parameters.NONE;
        }
        var list = new ArrayList<Parameters.Parameter>(count);
        for (int i = 0; i < count; i++) {
            list.add(new Parameters.Parameter(in.readUTF(), in.readUTF()));
        }
        return new Parameters(list);
    }
}
