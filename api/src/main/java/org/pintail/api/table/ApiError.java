package org.pintail.api.table;

import java.util.Map;

/// An answer that says no: HTTP status, code of the catalogue (http-api §1.3), text, and more fields for the body.
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;
    private final transient Map<String, Object> more;

    public ApiError(int status, String code, String text) {
        this(status, code, text, Map.of());
    }

    public ApiError(int status, String code, String text, Map<String, Object> more) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.more = Map.copyOf(more);
    }

    /// A parameter is wrong in a way that the rules do not cover.
    public static ApiError input(String text) {
        return new ApiError(400, "InputValidationError", text);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    Map<String, Object> more() {
        return more;
    }

    public Answer answer() {
        var out = new Shape().put("error", getMessage()).put("code", code);
        more.forEach(out::put);
        return out.as(status);
    }
}
