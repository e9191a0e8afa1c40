package org.pintail.api;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Paging;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;

/// Files kept for drafts (http-api §10).
final class StorageOperations {
    private static final int MOST = 10_000;
    private static final String DEFAULT_TYPE = "application/octet-stream";
    private final Mail mail;

    StorageOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("POST /users/:user/storage", "uploadFile", own(Action.CREATE))
                .about("Storage", "Keep a file for a draft")
                .user()
                .body("filename", Rules.text().max(255).orEmpty(), "Name of the file")
                .body("contentType", Rules.text().max(255).orEmpty(), "MIME type")
                .body("encoding", Rules.text().among("base64").orEmpty(), "The content is base64")
                .body("content", Rules.content(), "The file; or as raw body, or as file of a form")
                .body("cid", Rules.text().max(255).orEmpty(), "Content-ID")
                .logged(In.BODY)
                .run(this::upload));
        table.add(Operation.of("GET /users/:user/storage", "getFiles", own(Action.READ))
                .about("Storage", "List files")
                .user()
                .query("query", Rules.text().trimmed().max(255).orEmpty(), "Part of the name")
                .logged(In.QUERY)
                .paged()
                .run(this::list));
        table.add(Operation.of("DELETE /users/:user/storage/:file", "deleteFile", own(Action.DELETE))
                .about("Storage", "Delete a file")
                .user()
                .path("file", Rules.objectId(), "Id of the file")
                .logged(In.QUERY)
                .run(this::delete));
        table.add(Operation.of("GET /users/:user/storage/:file", "getFile", own(Action.READ))
                .about("Storage", "Read a file")
                .user()
                .path("file", Rules.objectId(), "Id of the file")
                .run(this::read));
    }

    private static Access own(Action action) {
        return new Access("storage", action, Reach.OWN);
    }

    private Answer upload(Call call) {
        mail.accounts().require(call.user());
        var given = call.value("content") instanceof Bytes b ? b : call.body();
        if (given.size() == 0) {
            throw new ApiError(400, "InputValidationError", "\"content\" is required", Map.of("details", Map.of("content", "\"content\" is required")));
        }
        var content = call.text("encoding").equals("base64") ? decoded(given) : given;
        var type = call.given("contentType").orElse(DEFAULT_TYPE);
        var day = mail.clock().instant().atOffset(ZoneOffset.UTC).toLocalDate();
        var file = Document.of(
                "_id", ObjectId.next(),
                "user", call.user().value(),
                "filename", call.given("filename").orElse("upload-" + day + ".bin"),
                "contentType", type,
                "cid", call.given("cid").orElse(null),
                "size", content.size(),
                "created", mail.clock().instant(),
                "content", content);
        mail.store().documents().insert(Collections.FILES, file);
        return Shape.success().put("id", file.id()).ok();
    }

    private static Bytes decoded(Bytes base64) {
        try {
            return Bytes.wrap(Base64.getMimeDecoder().decode(base64.unsafeArray()));
        } catch (IllegalArgumentException e) {
            throw ApiError.input("\"content\" must be valid base64");
        }
    }

    private Answer list(Call call) {
        mail.accounts().require(call.user());
        var paging = Paging.of(call);
        var query = call.text("query");
        var all = mail.store()
                .documents()
                .list(Collections.FILES, "user_files", List.of(call.user().value()), null, true, MOST)
                .stream()
                .filter(f -> f.string("filename", "").contains(query))
                .map(f -> f.without("content"))
                .toList();
        var shape = Shape.success().given("query", call.given("query").orElse(null));
        return paging.answer(shape, all.size(), paging.slice(all, StorageOperations::key), StorageOperations::key, StorageOperations::show)
                .ok();
    }

    private static Paging.Key key(Document file) {
        return new Paging.Key(file.string("filename", ""), file.id());
    }

    private static Shape show(Document file) {
        return new Shape()
                .put("id", file.id())
                .put("filename", file.string("filename", ""))
                .put("contentType", file.string("contentType", DEFAULT_TYPE))
                .given("cid", file.value("cid"))
                .put("size", file.number("size"))
                .put("created", file.value("created"));
    }

    /// The file of that id. Refuses [ApiError] 404.
    static Document require(Mail mail, AccountId account, ObjectId id) {
        return mail.store()
                .documents()
                .find(Collections.FILES, id)
                .filter(f -> account.value().equals(f.value("user")))
                .orElseThrow(() -> new ApiError(404, "FileNotFound", "This file does not exist"));
    }

    private Answer delete(Call call) {
        var file = require(mail, call.user(), call.required("file"));
        mail.store().documents().delete(Collections.FILES, file.id());
        return Shape.success().ok();
    }

    private Answer read(Call call) {
        var file = require(mail, call.user(), call.required("file"));
        var content = file.value("content") instanceof Bytes b ? b : Bytes.EMPTY;
        var type = file.string("contentType", DEFAULT_TYPE);
        var safe = type.getBytes(StandardCharsets.US_ASCII).length == type.length() && type.chars().allMatch(c -> c >= ' ') ? type : DEFAULT_TYPE;
        return new Answer.Content(200, Map.of("Content-Type", safe), content.size(), out -> out.write(content.unsafeArray()));
    }
}
