package org.pintail.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// The DNS names a certificate is for (RFC 9525 §6).
public final class CertificateNames {
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    /// `dNSName` of the subject's alternative names, lower case; empty when there are none or they cannot be read.
    public static List<String> alternative(X509Certificate certificate) {
        var names = new ArrayList<String>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            for (var name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.get(0) instanceof Integer type && type == DNS_NAME && name.get(1) instanceof String text) {
                    names.add(text.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // a certificate whose names cannot be read is for nobody
        }
        return names;
    }

    /// The common name as well, where no alternative name is there (RFC 7672 §3.2.3 takes it, RFC 8461 does not).
    static List<String> alternativeOrCommon(X509Certificate certificate) {
        var names = alternative(certificate);
        if (!names.isEmpty()) {
            return names;
        }
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }

    /// Is one of `names` this host? `*` stands for one whole left-most label.
    static boolean cover(List<String> names, String host) {
        var wanted = host.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return names.contains(wanted) || dot > 0 && dot < wanted.lastIndexOf('.') && names.contains("*" + wanted.substring(dot));
    }
}
