package org.pintail.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Picks the certificate for the name a client asks for (SNI, RFC 6066 §3). Keys stay decoded in memory: no handshake opens a key store.
final class ServerKeys extends X509ExtendedKeyManager {
    private final List<Identity> identities;

    ServerKeys(List<Identity> identities) {
        this.identities = List.copyOf(identities);
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        for (var requested : session instanceof ExtendedSSLSession extended ? requestedNames(extended) : List.<String>of()) {
            for (int i = 0; i < identities.size(); i++) {
                if (identities.get(i).isFor(requested) && fits(identities.get(i), keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        for (int i = 0; i < identities.size(); i++) {
            if (fits(identities.get(i), keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static List<String> requestedNames(ExtendedSSLSession session) {
        return session.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .toList();
    }

    private static boolean fits(Identity identity, String keyType) {
        var algorithm = identity.key().getAlgorithm();
        return keyType.equals(algorithm) || keyType.startsWith("EC") && algorithm.startsWith("EC") || keyType.startsWith("RSA") && algorithm.equals("RSA");
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket s ? s.getHandshakeSession() : null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = choose(keyType, null);
        return alias == null ? new String[0] : new String[] {alias};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
