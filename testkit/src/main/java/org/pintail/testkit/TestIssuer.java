package org.pintail.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/// An issuer of OAuth access tokens on the loopback: it signs, publishes its keys under `/keys`, and tells about tokens under `/introspect`.
public final class TestIssuer implements AutoCloseable {
    private static final int P256 = 32;
    private final HttpServer server;
    private final KeyPair rsa;
    private final KeyPair ec;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String keys;
    private volatile String about = "{\"active\":false}";
    private volatile int status = 200;

    public TestIssuer() throws IOException {
        try {
            var rsaKeys = KeyPairGenerator.getInstance("RSA");
            rsaKeys.initialize(2048);
            rsa = rsaKeys.generateKeyPair();
            var ecKeys = KeyPairGenerator.getInstance("EC");
            ecKeys.initialize(new ECGenParameterSpec("secp256r1"));
            ec = ecKeys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        keys = "{\"keys\":[" + rsaKey("rsa") + "," + ecKey("ec") + ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\",\"x\":\"AA\"}]}";
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/keys", exchange -> answer(exchange, keys));
        server.createContext("/introspect", exchange -> answer(exchange, about));
        server.start();
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        asked.incrementAndGet();
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /// How often anything was asked.
    public int asked() {
        return asked.get();
    }

    /// What `/keys` says from now on.
    public void publish(String json) {
        keys = json;
    }

    /// What `/introspect` says from now on, of every token.
    public void tell(String json) {
        about = json;
    }

    /// The status of all answers from now on.
    public void status(int code) {
        status = code;
    }

    /// JWK of a key, under a name.
    public String rsaKey(String id) {
        var key = (RSAPublicKey) rsa.getPublic();
        return "{\"kty\":\"RSA\",\"kid\":\"" + id + "\",\"n\":\"" + url64(unsigned(key.getModulus())) + "\",\"e\":\""
                + url64(unsigned(key.getPublicExponent())) + "\"}";
    }

    private String ecKey(String id) {
        var point = ((ECPublicKey) ec.getPublic()).getW();
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" + id + "\",\"x\":\"" + url64(fixed(point.getAffineX())) + "\",\"y\":\""
                + url64(fixed(point.getAffineY())) + "\"}";
    }

    /// A signed token with these claims (JSON). `algorithm` RS256 or ES256 decides the key, `id` is only said.
    public String token(String algorithm, String id, String claims) {
        var signed = url64(("{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)) + "."
                + url64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            boolean elliptic = algorithm.equals("ES256");
            var signature = Signature.getInstance(elliptic ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
            signature.initSign((elliptic ? ec : rsa).getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + url64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Public key as it is encoded, for those who take it for a secret.
    public byte[] publicKey() {
        return rsa.getPublic().getEncoded();
    }

    public static String url64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] unsigned(BigInteger n) {
        var bytes = n.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] fixed(BigInteger n) {
        var bytes = unsigned(n);
        var padded = new byte[P256];
        System.arraycopy(bytes, 0, padded, P256 - bytes.length, bytes.length);
        return padded;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
