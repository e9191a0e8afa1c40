package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsersTest {
    private final ApiFixture api = new ApiFixture();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void inputThatIsWrongCreatesNobody() {
        var reply = api.post("/users", Map.of("username", "ömy", "password", "x".repeat(257), "quota", -1, "color", "red"));
        reply.refused(400, "InputValidationError");
        assertThat(((Map<?, ?>) Objects.requireNonNull(reply.at("details"))).keySet()).isEqualTo(java.util.Set.of("username", "password", "quota", "color"));
        assertThat(api.get("/users").ok().at("total")).isEqualTo(0);
    }

    @Test
    void anAccountComesWithAddressAndMailboxes() {
        var id = api.user("Ann.B");
        var shown = api.get("/users/" + id).ok();
        assertThat(shown.at("username")).isEqualTo("ann.b");
        assertThat(shown.at("address")).isEqualTo("ann.b@example.org");
        assertThat(shown.at("limits.quota.used")).isEqualTo(0);
        assertThat(shown.at("hasPasswordSet")).isEqualTo(true);
        assertThat(shown.text()).doesNotContain("secret-word", "pbkdf2");
        assertThat(api.get("/users/" + id + "/mailboxes").ok().at("results.0.path")).isEqualTo("INBOX");
        assertThat(api.get("/users/resolve/annb").ok().at("id")).isEqualTo(id);
    }

    @Test
    void namesAndAddressesAreTakenOnce() {
        api.user("ann.b");
        api.post("/users", Map.of("username", "a.nnb", "password", "x")).refused(500, "UserExistsError");
        api.post("/users", Map.of("username", "other", "password", "x", "address", "ann.b@example.org")).refused(500, "AddressExistsError");
        assertThat(api.get("/users").ok().at("total")).isEqualTo(1);
    }

    @Test
    void anAccountWithoutAddressGetsOneOfThisHost() {
        var id = api.post("/users", Map.of("username", "carol", "password", false)).ok().string("id");
        var shown = api.get("/users/" + id).ok();
        assertThat(shown.at("address")).isEqualTo("carol@mail.example.org");
        assertThat(shown.at("hasPasswordSet")).isEqualTo(false);
    }

    @Test
    void aHashThatIsNoneIsRefused() {
        api.post("/users", Map.of("username", "ann", "password", "plain", "hashedPassword", true)).refused(500, "HashError");
        assertThat(api.get("/users").ok().at("total")).isEqualTo(0);
    }

    @Test
    void changesAreShownAndTagsNormalized() {
        var id = api.user("ann");
        api.put("/users/" + id, Map.of("name", "Ann", "quota", "5000", "tags", List.of("b", "A", "a"), "metaData", Map.of("k", 1), "targets", List.of("x@example.net"))).ok();
        var shown = api.get("/users/" + id).ok();
        assertThat(shown.at("name")).isEqualTo("Ann");
        assertThat(shown.at("limits.quota.allowed")).isEqualTo(5000);
        assertThat(shown.at("tags")).isEqualTo(List.of("A", "b"));
        assertThat(shown.at("metaData")).isEqualTo(Map.of("k", 1));
        assertThat(shown.at("targets")).isEqualTo(List.of("x@example.net"));
    }

    @Test
    void nothingToChangeIsSaid() {
        var id = api.user("ann");
        api.put("/users/5f0c1a2b3c4d5e6f70818283", Map.of("name", "x")).refused(500, "UserNotFound");
        api.put("/users/" + id, Map.of("existingPassword", "wrong", "password", "new")).refused(500, "AuthFail");
        api.get("/users/5f0c1a2b3c4d5e6f70818283").refused(404, "UserNotFound");
        api.get("/users/12").refused(400, "InputValidationError");
    }

    @Test
    void listingsAreFilteredAndPaged() {
        api.user("ann");
        var bob = api.user("bob");
        api.user("carol");
        api.put("/users/" + bob, Map.of("tags", List.of("Blue"))).ok();
        assertThat(api.get("/users?query=bob").ok().at("results.0.id")).isEqualTo(bob);
        assertThat(api.get("/users?query=bob").ok().at("total")).isEqualTo(1);
        assertThat(api.get("/users?tags=blue,red").ok().at("total")).isEqualTo(1);
        assertThat(api.get("/users?requiredTags=blue,red").ok().at("total")).isEqualTo(0);
        var first = api.get("/users?limit=2").ok();
        assertThat(List.of(first.at("total"), first.at("results.1.username"), first.at("previousCursor"))).isEqualTo(List.of(3, "bob", false));
        var second = api.get("/users?limit=2&next=" + first.at("nextCursor")).ok();
        assertThat(List.of(second.at("page"), second.at("results.0.username"), second.at("nextCursor"))).isEqualTo(List.of(2, "carol", false));
        api.get("/users?limit=251").refused(400, "InputValidationError");
    }

    @Test
    void aDeletedAccountIsGoneWithItsAddressesAndMail() {
        var id = api.user("ann");
        api.message(id, api.mailbox(id, "INBOX"), "Subject: x\r\n\r\nx\r\n");
        var deleted = api.delete("/users/" + id).ok();
        assertThat(deleted.at("addresses.deleted")).isEqualTo(1);
        api.get("/users/" + id).refused(404, "UserNotFound");
        assertThat(api.get("/addresses").ok().at("total")).isEqualTo(0);
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word")).refused(403, "AuthFailed");
        api.user("ann");
    }

    @Test
    void aTemporaryPasswordIsGoodForADay() {
        var id = api.user("ann");
        var password = api.post("/users/" + id + "/password/reset", Map.of()).ok().string("password");
        var login = api.post("/authenticate", Map.of("username", "ann", "password", password)).ok();
        assertThat(login.at("requirePasswordChange")).isEqualTo(true);
        api.clock().advance(java.time.Duration.ofHours(25));
        api.post("/authenticate", Map.of("username", "ann", "password", password)).refused(403, "AuthFailed");
        api.post("/authenticate", Map.of("username", "ann", "password", "secret-word")).ok();
    }

    @Test
    void anAccountChangesOnlyWhatItMay() {
        var id = api.user("ann");
        var token = api.token("ann");
        api.as(token, "PUT", "/users/me", Map.of("name", "Ann", "quota", 1L << 40, "disabled", true, "tags", List.of("vip"))).ok();
        var shown = api.get("/users/" + id).ok();
        assertThat(shown.at("name")).isEqualTo("Ann");
        assertThat(shown.at("limits.quota.allowed")).isEqualTo(1 << 30);
        assertThat(shown.at("disabled")).isEqualTo(false);
        assertThat(shown.at("tags")).isEqualTo(List.of());
        assertThat(api.as(token, "GET", "/users/me", Map.of()).ok().text()).doesNotContain("internalData", "disabledScopes");
    }
}
