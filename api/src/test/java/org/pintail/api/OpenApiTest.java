package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The document at `/openapi.json` is the table: what is in it can be called, and what can be called is in it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Pattern STEP = Pattern.compile("\\{([^}]+)}");
    private ApiFixture api = new ApiFixture();

    record Described(String method, String path, Map<?, ?> operation) {}

    private final List<Described> all = new ArrayList<>();

    @BeforeAll
    void read() {
        var paths = (Map<?, ?>) Objects.requireNonNull(api.call("GET", "/openapi.json", "", "", new byte[0]).ok().at("paths"));
        paths.forEach((path, methods) -> ((Map<?, ?>) methods).forEach((method, operation) ->
                all.add(new Described(String.valueOf(method).toUpperCase(java.util.Locale.ROOT), String.valueOf(path), (Map<?, ?>) operation))));
    }

    @AfterAll
    void close() {
        api.close();
    }

    @Test
    void everyOperationOfTheTableIsDescribedOnce() {
        var table = Api.table(api.mail(), api.outbox(), new AccessTokens(api.mail(), null), servers(), true);
        var ids = new ArrayList<String>();
        all.forEach(d -> ids.add(String.valueOf(d.operation().get("operationId"))));
        assertThat(ids).hasSize(table.operations().size()).doesNotHaveDuplicates();
        assertThat(ids).contains("getUsers", "createUser", "getMessage", "submitMessage", "authenticate", "getUpdates", "uploadFile", "getHealth");
    }

    private static MailServers servers() {
        var endpoint = new MailServers.Endpoint("mail.example.org", 993);
        return new MailServers(endpoint, endpoint, endpoint);
    }

    @Test
    void everyOperationSaysWhatItDoes() {
        for (var d : all) {
            assertThat(String.valueOf(d.operation().get("summary"))).as(d.toString()).isNotBlank();
            assertThat(d.operation().get("tags")).as(d.toString()).isNotEqualTo(List.of(""));
        }
    }

    @Test
    void parametersOfAPathAreThoseInIt() {
        for (var d : all) {
            var steps = new HashSet<String>();
            var matcher = STEP.matcher(d.path());
            while (matcher.find()) {
                steps.add(matcher.group(1));
            }
            var declared = new HashSet<String>();
            for (var p : parameters(d)) {
                if ("path".equals(p.get("in"))) {
                    declared.add(String.valueOf(p.get("name")));
                    assertThat(p.get("required")).as(d + " " + p).isEqualTo(true);
                }
            }
            assertThat(declared).as(d.toString()).isEqualTo(steps);
        }
    }

    @Test
    void namesAreUniqueAndHaveSchemaAndDescription() {
        for (var d : all) {
            var names = new HashSet<String>();
            for (var p : parameters(d)) {
                assertThat(names.add(String.valueOf(p.get("name")))).as(d + " " + p).isTrue();
                assertThat(String.valueOf(p.get("description"))).as(d + " " + p).isNotBlank();
                assertThat(p.get("schema")).as(d + " " + p).isInstanceOf(Map.class);
            }
        }
    }

    /// Whatever is described can be found by its method and path: nothing answers 404 or 405 of the framework.
    @Test
    void whatIsDescribedIsThere() {
        for (var d : all) {
            if (d.path().endsWith("/updates")) {
                continue; // goes on for ever
            }
            var reply = api.call(d.method(), STEP.matcher(d.path()).replaceAll("x"), ApiFixture.TOKEN, "", new byte[0]);
            assertThat(reply.text()).as(d.method() + " " + d.path()).doesNotContain("ResourceNotFound", "MethodNotAllowed", "InternalServer");
        }
    }

    @Test
    void aTokenIsAskedForWhereTheDocumentSaysSo() {
        for (var d : all) {
            boolean open = List.of().equals(d.operation().get("security"));
            var reply = api.call(d.method(), STEP.matcher(d.path()).replaceAll("x"), "", "", new byte[0]);
            assertThat(reply.text().contains("InvalidToken")).as(d.method() + " " + d.path()).isEqualTo(!open);
        }
    }

    private static List<Map<?, ?>> parameters(Described d) {
        var out = new ArrayList<Map<?, ?>>();
        if (d.operation().get("parameters") instanceof List<?> list) {
            list.forEach(p -> out.add((Map<?, ?>) p));
        }
        return out;
    }
}
