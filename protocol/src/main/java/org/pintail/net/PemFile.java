package org.pintail.net;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.pintail.backend.Bytes;

/// The blocks of a PEM file (RFC 7468), read by the JDK. Bouncy Castle, which is slow to load, is asked only about the older forms of keys.
record PemFile(Path file, String text, List<Block> blocks) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /// `label` as between the dashes, `der` what it encloses.
    record Block(String label, Bytes der) {}

    PemFile {
        blocks = List.copyOf(blocks);
    }

    /// Text outside of blocks is ignored. Throws `IOException` naming the file when a block cannot be read.
    static PemFile read(Path file) throws IOException {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        var blocks = new ArrayList<Block>();
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            var label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, begin);
            if (end < 0) {
                throw new IOException(file + ": a PEM block without its end");
            }
            blocks.add(new Block(label, Bytes.wrap(decoded(text.substring(labelEnd + DASHES.length(), end)))));
        }
        return new PemFile(file, text, blocks);
    }

    /// Empty where it is no base64, as with the header lines of an encrypted key.
    private static byte[] decoded(String base64) {
        return base64.indexOf(':') >= 0 ? new byte[0] : Base64.getMimeDecoder().decode(base64);
    }

    /// The first private key, if there is one that is not encrypted: PKCS#8, PKCS#1 or SEC1.
    Optional<PrivateKey> privateKey() throws IOException {
        for (var block : blocks) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return Optional.of(pkcs8(block.der().unsafeArray()));
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return olderKey();
                }
                default -> {
                    // a certificate, or parameters of a curve
                }
            }
        }
        return Optional.empty();
    }

    private PrivateKey pkcs8(byte[] der) throws IOException {
        try {
            for (var algorithm : List.of("EC", "RSA", "EdDSA")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
                } catch (InvalidKeySpecException e) {
                    continue; // of another algorithm
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        throw new IOException(file + ": expected an EC, RSA or EdDSA private key");
    }

    private Optional<PrivateKey> olderKey() throws IOException {
        try (var parser = new PEMParser(new StringReader(text))) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    return Optional.of(new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo()));
                }
            }
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return Optional.empty();
    }
}
