package org.pintail.mail;

import com.password4j.ScryptFunction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Secrets that documents keep encrypted, as WildDuck writes them.
///
///     "$wd01$aes-256-gcm$" tag "$" iv "$" salt "$" ciphertext, all hex; key = scrypt(secret, salt, N=16384, r=8, p=1)
final class StoredSecret {
    private static final String PREFIX = "$wd01$aes-256-gcm$";

    private StoredSecret() {}

    /// What does not begin with "$" is in clear. Throws `IllegalArgumentException` when the secret is not the one it was written with.
    static String open(String stored, String secret) {
        if (!stored.startsWith("$")) {
            return stored;
        }
        var parts = stored.startsWith(PREFIX) ? stored.substring(PREFIX.length()).split("\\$") : new String[0];
        if (parts.length != 4) {
            throw new IllegalArgumentException("encrypted in a form that is not known");
        }
        try {
            var hex = HexFormat.of();
            var key = ScryptFunction.getInstance(16384, 8, 1, 32).hash(secret.getBytes(StandardCharsets.UTF_8), hex.parseHex(parts[2])).getBytes();
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, hex.parseHex(parts[1])));
            return new String(cipher.doFinal(hex.parseHex(parts[3] + parts[0])), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("encrypted with another secret", e);
        }
    }
}
