package org.pintail.api.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.ObjectRule;
import org.pintail.api.rule.ObjectRule.Field;
import org.pintail.api.rule.Rule;
import org.pintail.api.rule.Rules;

/// One row of the table: method, path, what it takes, who may call it, and what runs. Built once, then only read.
public final class Operation {
    private final String method;
    private final String path;
    private final String id;
    private final Access access;
    private final List<Parameter> parameters = new ArrayList<>();
    private String tag = "";
    private String summary = "";
    private boolean othersIgnored;
    private boolean streaming;
    private @Nullable Handler handler;

    /// Where a parameter is documented to be. All sources are merged before checking (http-api §1.2).
    public enum In {
        PATH,
        QUERY,
        BODY
    }

    /// A named value.
    public record Parameter(In in, Field field, String description) {}

    /// Runs a call; may block. Throws [ApiError] or [org.pintail.mail.Refusal] to say no.
    public interface Handler {
        Answer handle(Call call);
    }

    private Operation(String method, String path, String id, Access access) {
        this.method = method;
        this.path = path;
        this.id = id;
        this.access = access;
    }

    /// `signature` as `GET /users/:user`.
    public static Operation of(String signature, String id, Access access) {
        int space = signature.indexOf(' ');
        return new Operation(signature.substring(0, space), signature.substring(space + 1), id, access);
    }

    public Operation about(String group, String text) {
        this.tag = group;
        this.summary = text;
        return this;
    }

    public Operation path(String name, Rule rule, String description) {
        parameters.add(new Parameter(In.PATH, Field.required(name, rule), description));
        return this;
    }

    public Operation query(String name, Rule rule, String description) {
        parameters.add(new Parameter(In.QUERY, Field.of(name, rule), description));
        return this;
    }

    public Operation query(String name, Rule rule, Object otherwise, String description) {
        parameters.add(new Parameter(In.QUERY, new Field(name, rule, false, otherwise), description));
        return this;
    }

    public Operation body(String name, Rule rule, String description) {
        parameters.add(new Parameter(In.BODY, Field.of(name, rule), description));
        return this;
    }

    public Operation body(String name, Rule rule, Object otherwise, String description) {
        parameters.add(new Parameter(In.BODY, new Field(name, rule, false, otherwise), description));
        return this;
    }

    public Operation require(In in, String name, Rule rule, String description) {
        parameters.add(new Parameter(in, Field.required(name, rule), description));
        return this;
    }

    /// The account in the path.
    public Operation user() {
        return path("user", Rules.objectId(), "Id of the account, or `me` for the one the token belongs to");
    }

    /// The mailbox in the path.
    public Operation mailbox() {
        return path("mailbox", Rules.objectId(), "Id of the mailbox");
    }

    /// Session and address of the user behind the caller, for the logs.
    public Operation logged(In in) {
        parameters.add(new Parameter(in, Field.of("sess", Rules.text().max(255).orEmpty()), "Session of the user, for the logs"));
        parameters.add(new Parameter(in, Field.of("ip", Rules.ip()), "Address of the user, for the logs"));
        return this;
    }

    /// Parameters of a paged listing; others are ignored.
    public Operation paged() {
        othersIgnored = true;
        return query("limit", Rules.number(1, 250), 20L, "How many results, 1 to 250")
                .query("next", Paging.CURSOR, "Cursor of the next page")
                .query("previous", Paging.CURSOR, "Cursor of the page before");
    }

    public Operation ignoringOthers() {
        othersIgnored = true;
        return this;
    }

    /// The answer is written for as long as the client stays.
    public Operation streaming() {
        streaming = true;
        return this;
    }

    public Operation run(Handler runs) {
        this.handler = runs;
        return this;
    }

    ObjectRule rule() {
        return new ObjectRule(parameters.stream().map(Parameter::field).toList(), othersIgnored);
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    String id() {
        return id;
    }

    String tag() {
        return tag;
    }

    String summary() {
        return summary;
    }

    Access access() {
        return access;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    boolean isStreaming() {
        return streaming;
    }

    Handler handler() {
        if (handler == null) {
            throw new IllegalStateException(id + " has nothing to run");
        }
        return handler;
    }
}
