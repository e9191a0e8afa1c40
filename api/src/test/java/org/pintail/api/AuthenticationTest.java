package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens, logins, application passwords.
class AuthenticationTest {
    private ApiFixture api = new ApiFixture();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "0123456789abcdef0123456789abcdef01234568", "root"})
    void noTokenNoAnswer(String token) {
        var reply = api.call("GET", "/users", token, "", new byte[0]);
        reply.refused(403, "InvalidToken");
        assertThat(reply.at("message")).isEqualTo("Invalid accessToken value");
        assertThat(reply.at("error")).isNull();
    }

    @Test
    void aTokenMayStandInThreePlaces() {
        assertThat(api.call("GET", "/users", ApiFixture.TOKEN, "", new byte[0]).status()).isEqualTo(200);
        assertThat(api.call("GET", "/users?accessToken=" + ApiFixture.TOKEN, "", "", new byte[0]).status()).isEqualTo(200);
        assertThat(api.call("GET", "/users", "", "", new byte[0], "Authorization", "Bearer " + ApiFixture.TOKEN).status()).isEqualTo(200);
    }

    @Test
    void withoutATokenOfTheInstallationAllMayDoAll() {
        api.close();
        api = new ApiFixture(null);
        assertThat(api.call("GET", "/users", "", "", new byte[0]).status()).isEqualTo(200);
        api.call("GET", "/users", "wrong", "", new byte[0]).refused(403, "InvalidToken");
    }

    @Test
    void aPasswordIsCheckedByNameAndByAddress() {
        var id = api.user("ann");
        assertThat(api.post("/authenticate", Map.of("username", "ann@example.org", "password", "secret-word")).ok().at("id")).isEqualTo(id);
        var login = api.post("/authenticate", Map.of("username", "a.nn", "password", "secret-word")).ok();
        assertThat(List.of(login.at("id"), login.at("scope"), login.at("require2fa"))).isEqualTo(List.of(id, "master", false));
        assertThat(login.at("token")).isNull();
    }

    @Test
    void aWrongPasswordAndAnUnknownUserSoundTheSame() {
        api.user("ann");
        var wrong = api.post("/authenticate", Map.of("username", "ann", "password", "guess"));
        var unknown = api.post("/authenticate", Map.of("username", "nobody", "password", "guess"));
        wrong.refused(403, "AuthFailed");
        unknown.refused(403, "AuthFailed");
        assertThat(wrong.at("error")).isEqualTo(unknown.at("error"));
        api.post("/authenticate", Map.of("username", "ann")).refused(400, "InputValidationError");
    }

    @Test
    void guessingIsSlowedDown() {
        api.user("ann");
        for (int i = 0; i < 12; i++) {
            api.post("/authenticate", Map.of("username", "ann", "password", "guess" + i)).refused(403, "AuthFailed");
        }
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word")).refused(403, "RateLimitedError");
    }

    @Test
    void aUserTokenReachesItsOwnThingsOnly() {
        var ann = api.user("ann");
        var bob = api.user("bob");
        var token = api.token("ann");
        assertThat(api.as(token, "GET", "/users/me", Map.of()).ok().at("id")).isEqualTo(ann);
        assertThat(api.as(token, "GET", "/users", Map.of()).ok().at("total")).isEqualTo(1);
        assertThat(api.as(token, "GET", "/addresses", Map.of()).ok().at("total")).isEqualTo(1);
        for (var path : List.of("/users/" + bob, "/users/" + bob + "/mailboxes", "/users/" + bob + "/storage", "/domainaliases", "/settings")) {
            api.as(token, "GET", path, Map.of()).refused(403, "MissingPrivileges");
        }
        api.as(token, "DELETE", "/users/me", Map.of()).refused(403, "MissingPrivileges");
        api.as(token, "POST", "/users", Map.of("username", "x", "password", "x")).refused(403, "MissingPrivileges");
    }

    @Test
    void aTokenEndsWithLogoutPasswordAndTime() {
        var id = api.user("ann");
        var first = api.token("ann");
        api.as(first, "DELETE", "/authenticate", Map.of()).ok();
        api.as(first, "GET", "/users/me", Map.of()).refused(403, "InvalidToken");
        var second = api.token("ann");
        api.put("/users/" + id, Map.of("password", "another-word")).ok();
        api.as(second, "GET", "/users/me", Map.of()).refused(403, "InvalidToken");
        var third = api.post("/authenticate", Map.of("username", "ann", "password", "another-word", "token", true)).ok().string("token");
        api.clock().advance(Duration.ofDays(13));
        api.as(third, "GET", "/users/me", Map.of()).ok();
        api.clock().advance(Duration.ofDays(13));
        api.as(third, "GET", "/users/me", Map.of()).ok();
        api.clock().advance(Duration.ofDays(15));
        api.as(third, "GET", "/users/me", Map.of()).refused(403, "InvalidToken");
    }

    @Test
    void whoChangesThePasswordStaysLoggedIn() {
        api.user("ann");
        var mine = api.token("ann");
        var other = api.token("ann");
        api.as(mine, "PUT", "/users/me", Map.of("existingPassword", "secret-word", "password", "another-word")).ok();
        api.as(mine, "GET", "/users/me", Map.of()).ok();
        api.as(other, "GET", "/users/me", Map.of()).refused(403, "InvalidToken");
    }

    @Test
    void tokensAreForTheMasterScope() {
        api.user("ann");
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word", "scope", "imap", "token", true))
                .refused(400, "InputValidationError");
    }

    @Test
    void closedScopesStayClosed() {
        var id = api.user("ann");
        api.put("/users/" + id, Map.of("disabledScopes", List.of("imap"))).ok();
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word", "scope", "imap")).refused(403, "InvalidAuthScope");
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word", "scope", "pop3")).ok();
        api.put("/users/" + id, Map.of("suspended", true)).ok();
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word", "scope", "pop3")).refused(403, "AuthFailed");
        api.post("/preauth", Map.of("username", "ann")).refused(403, "AuthFailed");
    }

    @Test
    void loginsAreInTheLog() {
        var id = api.user("ann");
        api.post("/authenticate", Map.of("username", "ann", "password", "guess", "ip", "192.0.2.1", "sess", "s1")).refused(403, "AuthFailed");
        var log = api.get("/users/" + id + "/authlog?filterip=192.0.2.1").ok();
        assertThat(List.of(log.at("total"), log.at("results.0.result"), log.at("results.0.sess"))).isEqualTo(List.of(1, "fail", "s1"));
        assertThat(log.text()).doesNotContain("guess");
        var event = api.get("/users/" + id + "/authlog/" + log.at("results.0.id")).ok();
        assertThat(event.at("ip")).isEqualTo("192.0.2.1");
        api.get("/users/" + id + "/authlog/5f0c1a2b3c4d5e6f70818283").refused(404, "EventNotFound");
    }

    @Test
    void applicationPasswordsAreGoodForTheirScopes() {
        var id = api.user("ann");
        api.post("/users/" + id + "/asps", Map.of("description", "x", "password", "0".repeat(16))).refused(400, "InputValidationError");
        var asp = api.post("/users/" + id + "/asps", Map.of("description", "phone", "scopes", List.of("imap", "smtp"))).ok();
        assertThat(asp.string("password")).matches("[a-z]{16}");
        assertThat(asp.at("mobileconfig")).isNull();
        var login = Map.of("username", "ann", "password", asp.string("password"), "scope", "imap");
        assertThat(api.post("/authenticate", login).ok().at("address")).isNull();
        api.post("/authenticate", Map.of("username", "ann", "password", asp.string("password"), "scope", "pop3")).refused(403, "InvalidAuthScope");
        api.post("/authenticate", Map.of("username", "ann", "password", asp.string("password"))).refused(403, "AuthFailed");
        var listed = api.get("/users/" + id + "/asps").ok();
        assertThat(listed.at("results.0.description")).isEqualTo("phone");
        assertThat(listed.text()).doesNotContain(asp.string("password"));
        api.delete("/users/" + id + "/asps/" + asp.at("id")).ok();
        api.post("/authenticate", login).refused(403, "AuthFailed");
        api.get("/users/" + id + "/asps/" + asp.at("id")).refused(404, "AspNotFound");
    }

    @Test
    void aProfileTellsServersAndPassword() {
        var id = api.user("ann");
        api.put("/users/" + id, Map.of("name", "Ann <& Co>")).ok();
        var body = Map.of("description", "phone", "scopes", List.of("pop3", "smtp"), "generateMobileconfig", true);
        var asp = api.post("/users/" + id + "/asps", body).ok();
        var profile = new String(Base64.getDecoder().decode(asp.string("mobileconfig")), StandardCharsets.UTF_8);
        assertThat(profile)
                .contains("<key>EmailAccountName</key><string>Ann &lt;&amp; Co&gt;</string>")
                .contains("<key>EmailAccountType</key><string>EmailTypePOP</string>")
                .contains("<key>IncomingMailServerHostName</key><string>pop.example.org</string>")
                .contains("<key>OutgoingMailServerPortNumber</key><integer>465</integer>")
                .contains("<key>IncomingPassword</key><string>" + asp.string("password") + "</string>");
        api.post("/users/" + id + "/asps", Map.of("description", "x", "scopes", List.of("smtp"), "generateMobileconfig", true))
                .refused(400, "InvalidAuthScope");
        api.post("/users/" + id + "/asps", Map.of("description", "x", "address", "bob@example.org", "generateMobileconfig", true))
                .refused(404, "AddressNotFound");
        assertThat((List<?>) api.get("/users/" + id + "/asps").at("results")).as("refused ones are not kept").hasSize(1);
    }
}
