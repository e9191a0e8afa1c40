package org.pintail.api.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pintail.api.table.Operation.In;

/// The OpenAPI 3.1 document of a table.
public final class OpenApi {
    private OpenApi() {}

    public static Map<String, Object> of(Table table, String version) {
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        for (var o : table.operations()) {
            paths.computeIfAbsent(o.path().replaceAll(":([^/]+)", "{$1}"), _ -> new LinkedHashMap<>())
                    .put(o.method().toLowerCase(java.util.Locale.ROOT), operation(o));
        }
        var out = new LinkedHashMap<String, Object>();
        out.put("openapi", "3.1.0");
        out.put("info", Map.of("title", "Pintail API", "version", version));
        out.put("paths", paths);
        out.put("components", Map.of("securitySchemes", schemes(), "schemas", Map.of("Error", error())));
        out.put("security", List.of(Map.of("header", List.of()), Map.of("bearer", List.of()), Map.of("query", List.of())));
        return out;
    }

    private static Map<String, Object> schemes() {
        var out = new LinkedHashMap<String, Object>();
        out.put("header", Map.of("type", "apiKey", "in", "header", "name", "X-Access-Token"));
        out.put("query", Map.of("type", "apiKey", "in", "query", "name", "accessToken"));
        out.put("bearer", Map.of("type", "http", "scheme", "bearer"));
        return out;
    }

    private static Map<String, Object> error() {
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "object");
        out.put("required", List.of("error", "code"));
        out.put("properties", Map.of(
                "error", Map.of("type", "string"),
                "code", Map.of("type", "string"),
                "details", Map.of("type", "object", "additionalProperties", Map.of("type", "string"))));
        return out;
    }

    private static Map<String, Object> operation(Operation o) {
        var out = new LinkedHashMap<String, Object>();
        out.put("operationId", o.id());
        out.put("tags", List.of(o.tag()));
        out.put("summary", o.summary());
        var parameters = new ArrayList<Object>();
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var p : o.parameters()) {
            if (p.in() != In.BODY) {
                parameters.add(parameter(p));
                continue;
            }
            properties.put(p.field().name(), described(p));
            if (p.field().required()) {
                required.add(p.field().name());
            }
        }
        if (!parameters.isEmpty()) {
            out.put("parameters", parameters);
        }
        if (!properties.isEmpty()) {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("type", "object");
            schema.put("properties", properties);
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            out.put("requestBody", Map.of("content", Map.of("application/json", Map.of("schema", schema))));
        }
        out.put("responses", Map.of(
                "200", Map.of("description", "Success"),
                "default", Map.of(
                        "description", "Refused",
                        "content", Map.of("application/json", Map.of("schema", Map.of("$ref", "#/components/schemas/Error"))))));
        if (o.access().equals(Access.PUBLIC)) {
            out.put("security", List.of());
        }
        return out;
    }

    private static Map<String, Object> parameter(Operation.Parameter p) {
        var out = new LinkedHashMap<String, Object>();
        out.put("name", p.field().name());
        out.put("in", p.in() == In.PATH ? "path" : "query");
        out.put("required", p.field().required());
        out.put("description", p.description());
        out.put("schema", schema(p));
        return out;
    }

    private static Map<String, Object> described(Operation.Parameter p) {
        var schema = schema(p);
        schema.put("description", p.description());
        return schema;
    }

    private static Map<String, Object> schema(Operation.Parameter p) {
        var schema = new LinkedHashMap<>(p.field().rule().schema());
        if (p.field().otherwise() != null) {
            schema.put("default", p.field().otherwise());
        }
        return schema;
    }
}
