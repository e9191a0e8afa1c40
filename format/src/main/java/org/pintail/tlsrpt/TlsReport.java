package org.pintail.tlsrpt;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a sender saw of TLS with the hosts of one domain in one day (RFC 8460 §4.4).
public record TlsReport(
        String organization, Instant begin, Instant end, String contact, String id, List<Result> policies) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_POLICIES = 1000;
    private static final int MAX_DETAILS = 1000;
    private static final int MAX_TEXT = 1000;

    public TlsReport {
        policies = List.copyOf(policies);
    }

    /// What a session was judged by. `type`: `tlsa`, `sts` or `no-policy-found`; `text`: its records or lines; `mx`: patterns of the policy.
    public record Policy(String type, List<String> text, String domain, List<String> mx) {
        public Policy {
            text = List.copyOf(text);
            mx = List.copyOf(mx);
        }
    }

    /// Sessions under one policy.
    public record Result(Policy policy, long successful, long failed, List<Failure> failures) {
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /// Sessions that failed alike. `type` is a result type of §4.3, `reason` says more; texts that are not known are "".
    public record Failure(String type, String sendingIp, String mx, String receivingIp, String reason, long sessions) {}

    /// A text is no report; the message says what was expected.
    public static final class Invalid extends RuntimeException {
        Invalid(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// As JSON (RFC 8460 §4.4).
    public byte[] json() {
        var report = new LinkedHashMap<String, Object>();
        report.put("organization-name", organization);
        report.put("date-range", Map.of("start-datetime", begin.toString(), "end-datetime", end.toString()));
        report.put("contact-info", contact);
        report.put("report-id", id);
        report.put("policies", policies.stream().map(TlsReport::json).toList());
        return JSON.writeValueAsString(report).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> json(Result result) {
        var policy = new LinkedHashMap<String, Object>();
        policy.put("policy-type", result.policy().type());
        if (!result.policy().text().isEmpty()) {
            policy.put("policy-string", result.policy().text());
        }
        policy.put("policy-domain", result.policy().domain());
        if (!result.policy().mx().isEmpty()) {
            policy.put("mx-host", result.policy().mx());
        }
        var shown = new LinkedHashMap<String, Object>();
        shown.put("policy", policy);
        shown.put(
                "summary",
                Map.of("total-successful-session-count", result.successful(), "total-failure-session-count", result.failed()));
        if (!result.failures().isEmpty()) {
            shown.put("failure-details", result.failures().stream().map(TlsReport::json).toList());
        }
        return shown;
    }

    private static Map<String, Object> json(Failure failure) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("result-type", failure.type());
        given(shown, "sending-mta-ip", failure.sendingIp());
        given(shown, "receiving-mx-hostname", failure.mx());
        given(shown, "receiving-ip", failure.receivingIp());
        shown.put("failed-session-count", failure.sessions());
        given(shown, "failure-reason-code", failure.reason());
        return shown;
    }

    private static void given(Map<String, Object> shown, String name, String value) {
        if (!value.isEmpty()) {
            shown.put(name, value);
        }
    }

    /// Reads what others send; unknown members are ignored, long texts cut. Throws [Invalid].
    public static TlsReport parse(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new Invalid("expected JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject() || !root.path("policies").isArray()) {
            throw new Invalid("expected an object with policies", null);
        }
        var results = new ArrayList<Result>();
        for (var policy : root.path("policies")) {
            if (results.size() == MAX_POLICIES) {
                throw new Invalid("more than " + MAX_POLICIES + " policies", null);
            }
            results.add(result(policy));
        }
        var range = root.path("date-range");
        return new TlsReport(
                text(root, "organization-name"),
                time(range, "start-datetime"),
                time(range, "end-datetime"),
                text(root, "contact-info"),
                text(root, "report-id"),
                results);
    }

    private static Result result(JsonNode node) {
        var policy = node.path("policy");
        var failures = new ArrayList<Failure>();
        for (var detail : node.path("failure-details")) {
            if (failures.size() == MAX_DETAILS) {
                break; // the summary counts them all
            }
            failures.add(new Failure(
                    text(detail, "result-type"),
                    text(detail, "sending-mta-ip"),
                    text(detail, "receiving-mx-hostname"),
                    text(detail, "receiving-ip"),
                    text(detail, "failure-reason-code"),
                    count(detail, "failed-session-count")));
        }
        var summary = node.path("summary");
        return new Result(
                new Policy(text(policy, "policy-type"), texts(policy, "policy-string"), text(policy, "policy-domain"), texts(policy, "mx-host")),
                count(summary, "total-successful-session-count"),
                count(summary, "total-failure-session-count"),
                failures);
    }

    private static Instant time(JsonNode node, String name) {
        try {
            return OffsetDateTime.parse(text(node, name)).toInstant();
        } catch (DateTimeException e) {
            throw new Invalid("expected " + name + " as in 2026-11-02T00:00:00Z", e);
        }
    }

    private static long count(JsonNode node, String name) {
        var value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new Invalid("expected " + name + " as a number", null);
        }
        return value.longValue();
    }

    private static String text(JsonNode node, String name) {
        return text(node.path(name));
    }

    private static String text(JsonNode value) {
        var text = value.isString() ? value.stringValue() : "";
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    // QUIRK: some reports have one string where RFC 8460 §4.4 says an array.
    private static List<String> texts(JsonNode node, String name) {
        var value = node.path(name);
        var found = new ArrayList<String>();
        if (value.isString()) {
            found.add(text(value));
        }
        for (var one : value) {
            if (found.size() < MAX_DETAILS) {
                found.add(text(one));
            }
        }
        return found;
    }
}
