package org.pintail.api.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.Place;
import org.pintail.api.rule.Problems;
import org.pintail.backend.StoreException;
import org.pintail.mail.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a request to an answer: the caller, the operation, its parameters, its access, then what it runs. Knows nothing of a web server.
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final String ACCESS_TOKEN = "accessToken";
    private static final Set<String> FRAMEWORK =
            Set.of("ResourceNotFound", "MethodNotAllowed", "RequestEntityTooLarge", "UnsupportedMediaType", "InvalidContent");
    private final Table table;
    private final Tokens tokens;

    /// Finds out who shows a token.
    public interface Tokens {
        /// `token` "" where none was shown. Empty: nobody who may call.
        Optional<Caller> caller(String token);
    }

    /// A request, its header values "" where absent. `path` and `query` as they came, still encoded.
    public record Request(
            String method,
            String path,
            String query,
            String accessToken,
            String contentType,
            String contentEncoding,
            String lastEventId,
            Body body) {}

    /// Opens the body; null where there is none.
    public interface Body {
        @Nullable InputStream open();
    }

    /// `streaming`: the answer is written for as long as the client stays.
    public record Result(Answer answer, boolean streaming) {}

    public Dispatcher(Table table, Tokens tokens) {
        this.table = table;
        this.tokens = tokens;
    }

    /// Never throws for what a request says or an operation refuses.
    public Result dispatch(Request request) {
        try {
            var match = table.find(request.method(), request.path());
            return new Result(run(match, request), match.operation().isStreaming());
        } catch (ApiError e) {
            return new Result(FRAMEWORK.contains(e.code()) ? message(e) : e.answer(), false);
        } catch (Refusal e) {
            return new Result(refusal(e).answer(), false);
        } catch (StoreException e) {
            LOG.error("store failed method={} path={}", request.method(), request.path(), e);
            return new Result(failed(e).answer(), false);
        } catch (IOException | RuntimeException e) {
            LOG.error("operation failed method={} path={}", request.method(), request.path(), e);
            return new Result(new ApiError(500, "InternalServer", "Internal error").answer(), false);
        }
    }

    private static ApiError failed(@Nullable Throwable why) {
        return why instanceof StoreException.Full
                ? new ApiError(507, "InsufficientStorage", "Insufficient storage, try again later")
                : new ApiError(500, "InternalDatabaseError", "Database error, try again later");
    }

    /// What the framework says has `message` where operations have `error`.
    private static Answer message(ApiError e) {
        var shape = new Shape().put("code", e.code()).put("message", e.getMessage());
        e.more().forEach(shape::put);
        return shape.as(e.status());
    }

    private Answer run(Table.Match match, Request request) throws IOException {
        var operation = match.operation();
        var inputs = new Inputs(match.path());
        inputs.addQuery(request.query());
        var queryToken = inputs.values().remove(ACCESS_TOKEN);
        var caller = caller(operation, queryToken instanceof String t ? t : request.accessToken());
        if (caller == null) { // before any of the body is read
            return new Shape().put("code", "InvalidToken").put("message", "Invalid accessToken value").as(403);
        }
        var body = request.method().equals("GET") ? null : request.body().open();
        if (body != null) {
            inputs.addBody(body, request.contentType(), request.contentEncoding());
            inputs.values().remove(ACCESS_TOKEN);
        }
        if ("me".equals(inputs.values().get("user")) && caller.onlyFor().isPresent()) {
            inputs.values().put("user", caller.user());
        }
        var call = new Call(caller, checked(operation, inputs.values()), inputs.raw(), request.lastEventId());
        if (!operation.access().allows(caller, call.id("user").map(Object::toString).orElse(""))) {
            throw new ApiError(403, "MissingPrivileges", "Not enough privileges");
        }
        return operation.handler().handle(call);
    }

    private @Nullable Caller caller(Operation operation, String token) {
        return operation.access().reach() == Access.Reach.PUBLIC ? Caller.ROOT : tokens.caller(token).orElse(null);
    }

    private static Map<String, Object> checked(Operation operation, Map<String, @Nullable Object> values) {
        var problems = new Problems();
        var checked = operation.rule().check(values, Place.ROOT, problems);
        if (!problems.isEmpty()) {
            throw new ApiError(400, "InputValidationError", problems.text(), Map.of("details", problems.details()));
        }
        var out = new LinkedHashMap<String, Object>();
        if (checked instanceof Map<?, ?> map) {
            map.forEach((name, value) -> out.put(String.valueOf(name), value));
        }
        return out;
    }

    /// As the catalogue has it (http-api §1.3).
    public static ApiError refusal(Refusal refusal) {
        return switch (refusal.code()) {
            case NO_SUCH_USER -> new ApiError(404, "UserNotFound", refusal.text());
            case USER_EXISTS -> new ApiError(400, "UserExistsError", refusal.text());
            case ADDRESS_EXISTS -> new ApiError(400, "AddressExistsError", refusal.text());
            case NO_SUCH_ADDRESS -> new ApiError(404, "AddressNotFound", refusal.text());
            case NO_SUCH_MAILBOX -> new ApiError(404, "NoSuchMailbox", refusal.text());
            case MAILBOX_EXISTS -> new ApiError(400, "MailboxExistsError", refusal.text());
            case MAILBOX_NOT_ALLOWED, SPECIAL_USE_TAKEN -> new ApiError(400, "DisallowedMailboxMethod", refusal.text());
            case NO_SUCH_MESSAGE -> new ApiError(404, "MessageNotFound", refusal.text());
            case OVER_QUOTA -> new ApiError(400, "OverQuotaError", refusal.text());
            case DISABLED -> new ApiError(403, "UserDisabled", refusal.text());
            case RATE_LIMITED -> new ApiError(403, "RateLimitedError", refusal.text());
            case BAD_HASH -> new ApiError(500, "HashError", refusal.text());
            case NOT_ALLOWED -> new ApiError(403, "MissingPrivileges", refusal.text());
            case INVALID, TOO_BIG -> new ApiError(400, "InputValidationError", refusal.text());
            case TEMPORARY -> failed(refusal.getCause());
        };
    }
}
