package org.pintail.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Operation.In;
import org.pintail.backend.Bytes;
import org.pintail.backend.StoreException;
import org.pintail.mail.Refusal;

/// From a request to an answer, without a web server.
class DispatcherTest {
    private static final String USER = "5f0c1a2b3c4d5e6f70818283";
    private static final String OTHER = "5f0c1a2b3c4d5e6f70818284";
    private @Nullable Call seen;
    private boolean bodyOpened;
    private final Table table = new Table()
            .add(Operation.of("POST /echo/:name", "echo", Access.TOKEN)
                    .path("name", Rules.text().min(2), "")
                    .query("limit", Rules.number(1, 250), 20L, "")
                    .body("to", Rules.listOf(Rules.person()), "")
                    .body("seen", Rules.bool(), "")
                    .body("content", Rules.content(), "")
                    .body("filename", Rules.text(), "")
                    .body("tags", Rules.listOf(Rules.text()), "")
                    .run(this::echo))
            .add(Operation.of("GET /echo/:name", "peek", Access.TOKEN)
                    .path("name", Rules.text(), "")
                    .query("a", Rules.text(), "")
                    .run(this::echo))
            .add(Operation.of("GET /echo/fixed", "fixed", Access.TOKEN).run(_ -> new Shape().put("fixed", true).ok()))
            .add(Operation.of("PUT /users/:user", "change", new Access("users", Action.UPDATE, Reach.OWN))
                    .user()
                    .body("name", Rules.text(), "")
                    .run(this::echo))
            .add(Operation.of("DELETE /users/:user", "remove", new Access("users", Action.DELETE, Reach.OWN)).user().run(this::echo))
            .add(Operation.of("GET /users", "list", new Access("userlisting", Action.READ, Reach.LISTED)).run(this::echo))
            .add(Operation.of("GET /dkim", "keys", new Access("dkim", Action.READ, Reach.ANY)).run(this::echo))
            .add(Operation.of("GET /open", "open", Access.PUBLIC).run(this::echo))
            .add(failing("GET /refusal", () -> new Refusal(Refusal.Code.OVER_QUOTA, "Full")))
            .add(failing("GET /missing", () -> new ApiError(404, "AspNotFound", "None", Map.of("id", "x"))))
            .add(failing("GET /store", () -> new StoreException.Unavailable("secret path")))
            .add(failing("GET /full", () -> new StoreException.Full("no space left", new IOException("ENOSPC"))))
            .add(failing("GET /bug", () -> new IllegalStateException("internal detail")));
    private final Dispatcher dispatcher = new Dispatcher(table, token -> switch (token) {
        case "root" -> Optional.of(Caller.ROOT);
        case "user" -> Optional.of(new Caller("user", USER, "user"));
        default -> Optional.empty();
    });

    private static Operation failing(String signature, java.util.function.Supplier<RuntimeException> why) {
        return Operation.of(signature, signature, Access.PUBLIC).run(_ -> {
            throw why.get();
        });
    }

    private Answer echo(Call call) {
        seen = call;
        return Shape.success().ok();
    }

    private Answer.Json call(String signature, String token, String type, byte[] body) {
        var target = signature.split(" ", 2)[1].split("\\?", 2);
        var request = new Dispatcher.Request(
                signature.split(" ", 2)[0], target[0], target.length > 1 ? target[1] : "", token, type, "", "", () -> {
                    bodyOpened = true;
                    return body.length == 0 ? null : new ByteArrayInputStream(body);
                });
        return (Answer.Json) dispatcher.dispatch(request).answer();
    }

    private Answer.Json json(String signature, String json) {
        return call(signature, "root", "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private Call seen() {
        assertThat(seen).as("the operation was not run").isNotNull();
        return java.util.Objects.requireNonNull(seen);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /nothing, 404, ResourceNotFound",
        "GET /echo/name/, 404, ResourceNotFound",
        "GET /ECHO/name, 404, ResourceNotFound",
        "GET /echo/, 404, ResourceNotFound",
        "PATCH /echo/name, 405, MethodNotAllowed",
        "GET /echo/%zz, 400, InvalidContent"
    })
    void pathsAreExactAndTheFrameworkSaysMessage(String signature, int status, String code) {
        var answer = call(signature, "root", "", new byte[0]);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).containsEntry("code", code).containsKey("message").doesNotContainKey("error");
    }

    @Test
    void whatIsAllowedIsTold() {
        assertThat(call("PATCH /echo/name", "root", "", new byte[0]).body()).containsEntry("allow", "GET, POST");
    }

    @Test
    void aFixedStepWinsOverAParameterAndParametersAreDecoded() {
        assertThat(call("GET /echo/fixed", "root", "", new byte[0]).body()).containsEntry("fixed", true);
        call("GET /echo/a%2Fb+c", "root", "", new byte[0]);
        assertThat(seen().text("name")).isEqualTo("a/b+c");
    }

    @Test
    void withoutATokenNothingIsReadOrRun() {
        var answer = call("POST /echo/name", "wrong", "application/json", "{".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).containsExactly(Map.entry("code", "InvalidToken"), Map.entry("message", "Invalid accessToken value"));
        assertThat(bodyOpened).isFalse();
        assertThat(seen).isNull();
    }

    @Test
    void aTokenInTheQueryCountsAndOneInTheBodyDoesNot() {
        assertThat(call("GET /echo/name?accessToken=root", "wrong", "", new byte[0]).status()).isEqualTo(200);
        assertThat(json("POST /echo/name", "{\"accessToken\":\"root\"}").status()).isEqualTo(200);
        assertThat(seen().has("accessToken")).isFalse();
    }

    @Test
    void openOperationsNeedNoToken() {
        assertThat(call("GET /open", "", "", new byte[0]).status()).isEqualTo(200);
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        var answer = json("POST /echo/n?limit=0", "{\"seen\":\"maybe\",\"to\":[{\"address\":\"x\"}],\"unknown\":1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .containsEntry("code", "InputValidationError")
                .containsEntry(
                        "error",
                        "\"name\" length must be at least 2 characters long. \"limit\" must be greater than or equal to 1."
                                + " \"to[0].address\" must be a valid email. \"seen\" must be a boolean. \"unknown\" is not allowed");
        assertThat(answer.body().get("details") instanceof Map<?, ?> details ? details.keySet() : Set.of())
                .isEqualTo(Set.of("name", "limit", "to,0,address", "seen", "unknown"));
        assertThat(seen).isNull();
    }

    @Test
    void pathWinsOverQueryAndQueryOverBody() {
        json("POST /echo/path?name=query&limit=7", "{\"name\":\"body\",\"limit\":9}");
        assertThat(seen().text("name")).isEqualTo("path");
        assertThat(seen().number("limit")).isEqualTo(7);
    }

    @Test
    void aFalsyValueIsFilledFromBelow() {
        json("POST /echo/name?limit=", "{\"limit\":\"9\"}");
        assertThat(seen().number("limit")).isEqualTo(9);
    }

    @Test
    void theBodyOfAGetIsNotLookedAt() {
        assertThat(call("GET /echo/name", "root", "application/json", "{".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(200);
        assertThat(bodyOpened).isFalse();
    }

    @Test
    void queriesHaveListsAndObjects() {
        json("POST /echo/name?tags[]=a&tags[]=b%26&to[0]=x", "");
        assertThat(seen).isNull(); // to is no list of objects then
        json("POST /echo/name?tags[]=a&tags[]=b%26", "");
        assertThat(seen().texts("tags")).containsExactly("a", "b&");
    }

    @Test
    void formsAndTheirFilesAreParameters() {
        call("POST /echo/name", "root", "application/x-www-form-urlencoded", "seen=yes&tags=a&tags=b".getBytes(StandardCharsets.UTF_8));
        assertThat(seen().yes("seen")).isTrue();
        assertThat(seen().texts("tags")).containsExactly("a", "b");
        var form = """
                --cut\r
                Content-Disposition: form-data; name="seen"\r
                \r
                on\r
                --cut\r
                Content-Disposition: form-data; name="content"; filename="a.bin"\r
                Content-Type: application/octet-stream\r
                \r
                \u0001\u00ff\r
                --cut--\r
                """;
        call("POST /echo/name", "root", "multipart/form-data; boundary=cut", form.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(seen().yes("seen")).isTrue();
        assertThat(seen().value("content")).isEqualTo(Bytes.wrap(new byte[] {1, -1}));
        assertThat(seen().text("filename")).isEqualTo("a.bin");
    }

    @Test
    void otherTypesAreTheRawBody() {
        call("POST /echo/name", "root", "message/rfc822", "Subject: x".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(seen().body().unsafeArray(), StandardCharsets.UTF_8)).isEqualTo("Subject: x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\":|400|InvalidContent", "[1,2]|400|InvalidContent", "\"text\"|400|InvalidContent"})
    void whatIsNoJsonObjectIsRefused(String json, int status, String code) {
        var answer = json("POST /echo/name", json);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).containsEntry("code", code);
    }

    @Test
    void gzipIsUnpackedAndOtherCodingsAreNot() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"seen\":true}".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(coded("gzip", packed.toByteArray()).status()).isEqualTo(200);
        assertThat(seen().yes("seen")).isTrue();
        assertThat(coded("br", packed.toByteArray()).status()).isEqualTo(415);
    }

    @Test
    void aBombOfZerosIsCutOff() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            var zeros = new byte[1 << 20];
            for (int i = 0; i <= Inputs.MAX_BODY >> 20; i++) {
                gzip.write(zeros);
            }
        }
        assertThat(coded("gzip", packed.toByteArray()).status()).isEqualTo(413);
    }

    private Answer.Json coded(String coding, byte[] body) {
        var request = new Dispatcher.Request(
                "POST", "/echo/name", "", "root", "application/json", coding, "", () -> new ByteArrayInputStream(body));
        return (Answer.Json) dispatcher.dispatch(request).answer();
    }

    @Test
    void aUserTouchesOnlyWhatIsItsOwn() {
        assertThat(call("PUT /users/" + USER, "user", "", new byte[0]).status()).isEqualTo(200);
        assertThat(call("PUT /users/me", "user", "", new byte[0]).status()).isEqualTo(200);
        assertThat(seen().user().hex()).isEqualTo(USER);
        assertThat(call("GET /users", "user", "", new byte[0]).status()).isEqualTo(200);
        for (var signature : List.of("PUT /users/" + OTHER, "DELETE /users/" + USER, "GET /dkim")) {
            var answer = call(signature, "user", "", new byte[0]);
            assertThat(answer.status()).as(signature).isEqualTo(403);
            assertThat(answer.body()).containsEntry("code", "MissingPrivileges").containsEntry("error", "Not enough privileges");
        }
        assertThat(call("DELETE /users/" + OTHER, "root", "", new byte[0]).status()).isEqualTo(200);
    }

    @Test
    void meIsNobodyForRoot() {
        assertThat(call("PUT /users/me", "root", "", new byte[0]).body()).containsEntry("code", "InputValidationError");
    }

    @Test
    void inputIsCheckedBeforePrivileges() {
        assertThat(call("PUT /users/" + OTHER + "?name=", "user", "", new byte[0]).status()).isEqualTo(400);
    }

    @Test
    void refusalsHaveTheirCodeAndBugsTellNothing() {
        assertThat(call("GET /refusal", "", "", new byte[0]))
                .isEqualTo(new Answer.Json(400, Map.of("error", "Full", "code", "OverQuotaError")));
        assertThat(call("GET /missing", "", "", new byte[0]))
                .isEqualTo(new Answer.Json(404, Map.of("error", "None", "code", "AspNotFound", "id", "x")));
        assertThat(call("GET /bug", "", "", new byte[0]))
                .isEqualTo(new Answer.Json(500, Map.of("error", "Internal error", "code", "InternalServer")));
        assertThat(call("GET /store", "", "", new byte[0]))
                .isEqualTo(new Answer.Json(500, Map.of("error", "Database error, try again later", "code", "InternalDatabaseError")));
        assertThat(call("GET /full", "", "", new byte[0]).status()).isEqualTo(507);
    }

    @Test
    void everyRefusalOfMailHasAPlaceInTheCatalogue() {
        for (var code : Refusal.Code.values()) {
            var error = Dispatcher.refusal(new Refusal(code, "text"));
            assertThat(error.status()).as(code.name()).isBetween(400, 507);
            assertThat(error.code()).isNotEmpty();
        }
    }

    @Test
    void parametersInTheBodyAreDocumentedThere() {
        var operation = Operation.of("POST /x", "x", Access.TOKEN).require(In.BODY, "a", Rules.text(), "An a").run(this::echo);
        var document = OpenApi.of(new Table().add(operation), "1");
        assertThat(Json.compact(Objects.requireNonNull(document.get("paths"))))
                .contains("\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\",\"properties\":{\"a\":"
                        + "{\"type\":\"string\",\"description\":\"An a\"}},\"required\":[\"a\"]}}}}");
    }
}
