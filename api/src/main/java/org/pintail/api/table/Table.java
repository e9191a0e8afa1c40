package org.pintail.api.table;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// All operations, found by method and path. Paths match exactly: case counts, and so does a slash at the end.
public final class Table {
    private static final int MAX_PARAMETER = 1024;
    private final List<Row> rows = new ArrayList<>();

    private record Row(Operation operation, String[] steps) {}

    /// An operation and the parameters in its path.
    record Match(Operation operation, Map<String, String> path) {}

    public Table add(Operation operation) {
        rows.add(new Row(operation, operation.path().split("/", -1)));
        return this;
    }

    public List<Operation> operations() {
        return rows.stream().map(Row::operation).toList();
    }

    /// Throws [ApiError] 404 for a path and 405 for a method that is not there; fixed steps win over parameters.
    Match find(String method, String rawPath) {
        var steps = rawPath.split("/", -1);
        Optional<Row> best = rows.stream()
                .filter(r -> r.operation.method().equals(method) && matches(r.steps, steps))
                .min((a, b) -> Integer.compare(parameters(a.steps), parameters(b.steps)));
        if (best.isEmpty()) {
            throw missing(method, rawPath, steps);
        }
        var row = best.get();
        var path = new LinkedHashMap<String, String>();
        for (int i = 0; i < steps.length; i++) {
            if (row.steps[i].startsWith(":")) {
                path.put(row.steps[i].substring(1), decoded(steps[i]));
            }
        }
        return new Match(row.operation, path);
    }

    private ApiError missing(String method, String rawPath, String[] steps) {
        var allowed = new TreeSet<String>();
        for (var row : rows) {
            if (matches(row.steps, steps)) {
                allowed.add(row.operation.method());
            }
        }
        return allowed.isEmpty()
                ? new ApiError(404, "ResourceNotFound", rawPath + " does not exist")
                : new ApiError(405, "MethodNotAllowed", method + " is not allowed", Map.of("allow", String.join(", ", allowed)));
    }

    private static boolean matches(String[] pattern, String[] steps) {
        if (pattern.length != steps.length) {
            return false;
        }
        for (int i = 0; i < steps.length; i++) {
            boolean parameter = pattern[i].startsWith(":");
            if (parameter ? steps[i].isEmpty() || steps[i].length() > MAX_PARAMETER : !pattern[i].equals(decoded(steps[i]))) {
                return false;
            }
        }
        return true;
    }

    private static int parameters(String[] steps) {
        int n = 0;
        for (var step : steps) {
            n += step.startsWith(":") ? 1 : 0;
        }
        return n;
    }

    private static String decoded(String step) {
        try {
            return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiError(400, "InvalidContent", "Invalid percent-encoding: " + step);
        }
    }
}
