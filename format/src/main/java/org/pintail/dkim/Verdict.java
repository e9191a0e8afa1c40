package org.pintail.dkim;

import org.jspecify.annotations.Nullable;

/// How one signature came out, and why.
///
/// @param rule of policy that refused it (`weak-key`, `rsa-sha1`), null for none
/// @param keyBits of an RSA key that was used, 0 otherwise
public record Verdict(DkimStatus status, String comment, @Nullable String rule, int keyBits) {
    static Verdict of(DkimStatus status, String comment) {
        return new Verdict(status, comment, null, 0);
    }
}
