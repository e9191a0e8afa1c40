package org.pintail.dmarc;

import com.google.common.net.InternetDomainName;

/// The public suffix list, its private part as well (`github.io` is a suffix), as it comes with Guava.
public final class PublicSuffixes {
    private PublicSuffixes() {}

    /// RFC 7489 §3.2: the public suffix and one label more; the name itself when it is a suffix or no name. In ASCII form.
    public static String organizationalDomain(String domain) {
        if (!InternetDomainName.isValid(domain)) {
            return domain;
        }
        var name = InternetDomainName.from(domain);
        if (name.isUnderPublicSuffix()) {
            return name.topPrivateDomain().toString();
        }
        // no rule for this top-level domain: the list's default rule makes it a suffix
        int labels = name.parts().size();
        return name.hasPublicSuffix() || labels < 3 ? domain : String.join(".", name.parts().subList(labels - 2, labels));
    }

    public static boolean isPublicSuffix(String domain) {
        return InternetDomainName.isValid(domain) && InternetDomainName.from(domain).isPublicSuffix();
    }
}
