package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final ApiFixture api = new ApiFixture();
    private final String ann = api.user("ann");

    @AfterEach
    void close() {
        api.close();
    }

    private String add(Map<String, ?> body) {
        return api.post("/users/" + ann + "/addresses", body).ok().string("id");
    }

    @Test
    void whatIsNoAddressIsRefused() {
        var path = "/users/" + ann + "/addresses";
        api.post(path, Map.of("address", "ann")).refused(400, "InputValidationError");
        api.post(path, Map.of("address", "ann+x@example.org")).refused(400, "InputValidationError");
        api.post(path, Map.of("address", "*@example.org")).refused(400, "InputValidationError");
        api.post(path, Map.of("address", "*x*@example.org", "allowWildcard", true)).refused(400, "InputValidationError");
        api.post(path, Map.of("address", "*@example.org", "allowWildcard", true, "main", true)).refused(400, "InputValidationError");
        api.post(path, Map.of("address", "a.nn@example.org")).refused(400, "AddressExistsError");
        api.post("/users/5f0c1a2b3c4d5e6f70818283/addresses", Map.of("address", "x@example.org")).refused(404, "UserNotFound");
        assertThat((List<?>) api.get(path).ok().at("results")).hasSize(1);
    }

    @Test
    void anAddressBecomesTheMainOne() {
        var id = add(Map.of("address", "second@example.org", "name", "Second", "tags", List.of("x"), "metaData", Map.of("a", 1)));
        var shown = api.get("/users/" + ann + "/addresses/" + id).ok();
        assertThat(List.of(shown.at("address"), shown.at("main"), shown.at("name"), shown.at("metaData")))
                .isEqualTo(List.of("second@example.org", false, "Second", Map.of("a", 1)));
        api.put("/users/" + ann + "/addresses/" + id, Map.of("main", false)).refused(400, "InputValidationError");
        api.put("/users/" + ann + "/addresses/" + id, Map.of("main", true)).ok();
        assertThat(api.get("/users/" + ann).ok().at("address")).isEqualTo("second@example.org");
        api.delete("/users/" + ann + "/addresses/" + id).refused(400, "NotPermitted");
    }

    @Test
    void anAddressIsRenamedAndDeleted() {
        var id = add(Map.of("address", "second@example.org"));
        api.put("/users/" + ann + "/addresses/" + id, Map.of("address", "third@example.org")).ok();
        assertThat(api.get("/addresses/resolve/third@example.org").ok().at("user")).isEqualTo(ann);
        api.get("/addresses/resolve/second@example.org").refused(404, "AddressNotFound");
        api.delete("/users/" + ann + "/addresses/" + id).ok();
        api.get("/users/" + ann + "/addresses/" + id).refused(404, "AddressNotFound");
        assertThat(api.get("/addresses?query=third").ok().at("total")).isEqualTo(0);
    }

    @Test
    void nobodySeesAnothersAddress() {
        var bob = api.user("bob");
        var id = add(Map.of("address", "second@example.org"));
        api.get("/users/" + bob + "/addresses/" + id).refused(404, "AddressNotFound");
        api.delete("/users/" + bob + "/addresses/" + id).refused(404, "AddressNotFound");
        api.get("/users/" + ann + "/addresses/" + id).ok();
    }

    @Test
    void aPatternTakesWhatNoAddressDoes() {
        var id = add(Map.of("address", "*@catch.example.org", "allowWildcard", true));
        api.get("/addresses/resolve/any@catch.example.org").refused(404, "AddressNotFound");
        assertThat(api.get("/addresses/resolve/any@catch.example.org?allowWildcard=true").ok().at("id")).isEqualTo(id);
        api.put("/users/" + ann + "/addresses/" + id, Map.of("main", true)).refused(400, "WildcardNotPermitted");
        api.put("/users/" + ann + "/addresses/" + id, Map.of("address", "x@example.org")).refused(400, "ChangeNotAllowed");
    }

    @Test
    void aForwardedAddressHasTargets() {
        api.post("/addresses/forwarded", Map.of("address", "list@example.org", "targets", List.of("ftp://x"))).refused(400, "InputValidationError");
        var body = Map.of("address", "list@example.org", "targets", List.of("x@example.net", "https://example.net/in"), "forwards", 50);
        var id = api.post("/addresses/forwarded", body).ok().string("id");
        var shown = api.get("/addresses/forwarded/" + id).ok();
        assertThat(shown.at("targets")).isEqualTo(List.of("x@example.net", "https://example.net/in"));
        assertThat(shown.at("limits.forwards.allowed")).isEqualTo(50);
        api.put("/addresses/forwarded/" + id, Map.of("forwardedDisabled", true)).ok();
        assertThat(api.get("/addresses/forwarded/" + id).ok().at("forwardedDisabled")).isEqualTo(true);
        api.delete("/addresses/forwarded/" + id).ok();
        api.get("/addresses/forwarded/" + id).refused(404, "AddressNotFound");
    }

    @Test
    void aDomainIsRenamed() {
        api.put("/addresses/renameDomain", Map.of("oldDomain", "example.org")).refused(400, "InputValidationError");
        var renamed = api.put("/addresses/renameDomain", Map.of("oldDomain", "example.org", "newDomain", "example.net")).ok();
        assertThat(renamed.at("modifiedAddresses")).isEqualTo(1);
        assertThat(api.get("/users/" + ann).ok().at("address")).isEqualTo("ann@example.net");
    }

    @Test
    void aDomainAliasLeadsToTheDomain() {
        var id = api.post("/domainaliases", Map.of("alias", "alias.example", "domain", "example.org")).ok().string("id");
        api.post("/domainaliases", Map.of("alias", "alias.example", "domain", "example.net")).refused(400, "AliasExists");
        assertThat(api.get("/addresses/resolve/ann@alias.example").ok().at("user")).isEqualTo(ann);
        assertThat(api.get("/domainaliases/resolve/alias.example").ok().at("id")).isEqualTo(id);
        api.delete("/domainaliases/" + id).ok();
        api.get("/addresses/resolve/ann@alias.example").refused(404, "AddressNotFound");
    }
}
