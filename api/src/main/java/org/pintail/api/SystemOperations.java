package org.pintail.api;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Call;
import org.pintail.api.table.Json;
import org.pintail.api.table.OpenApi;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.mail.Mail;
import org.pintail.mail.Settings;
import org.pintail.mta.Outbox;

/// Settings, health, metrics and the description of the API itself (http-api §22, §23, §2).
final class SystemOperations {
    private static final String GROUP = "System";
    private final Mail mail;
    private final Outbox outbox;
    private final String version;

    SystemOperations(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.outbox = outbox;
        this.version = Objects.requireNonNullElse(SystemOperations.class.getPackage().getImplementationVersion(), "development");
    }

    void register(Table table, boolean metrics) {
        table.add(Operation.of("GET /health", "getHealth", Access.TOKEN)
                .about(GROUP, "Does everything work that is needed to take mail?")
                .run(_ -> health()));
        table.add(Operation.of("GET /health/live", "getLiveness", Access.PUBLIC)
                .about(GROUP, "Does the process run?")
                .run(_ -> Shape.success().ok()));
        table.add(Operation.of("GET /health/ready", "getReadiness", Access.PUBLIC)
                .about(GROUP, "Can this node deliver?")
                .run(_ -> ready()));
        table.add(Operation.of("GET /openapi.json", "getOpenApi", Access.PUBLIC)
                .about(GROUP, "This description")
                .run(_ -> {
                    var json = Json.pretty(OpenApi.of(table, version));
                    return new Answer.Content(200, Map.of("Content-Type", "application/json"), json.length, out -> out.write(json));
                }));
        if (metrics) {
            table.add(Operation.of("GET /metrics", "getMetrics", Access.PUBLIC)
                    .about(GROUP, "Figures for Prometheus")
                    .run(_ -> metrics()));
        }
        table.add(Operation.of("GET /settings", "getSettings", settings(Action.READ))
                .about("Settings", "List settings")
                .query("filter", Rules.text().trimmed().max(128).orEmpty(), "Part of the key")
                .logged(In.QUERY)
                .ignoringOthers()
                .run(this::list));
        table.add(Operation.of("POST /settings/:key", "createSetting", settings(Action.CREATE))
                .about("Settings", "Set a setting")
                .path("key", Rules.text().among(mail.stored().known().stream().map(Settings.Known::key).toArray(String[]::new)), "Its key")
                .require(In.BODY, "value", Rules.any(), "Its value")
                .logged(In.BODY)
                .run(this::set));
        table.add(Operation.of("GET /settings/:key", "getSetting", settings(Action.READ))
                .about("Settings", "Show a setting")
                .path("key", Rules.text().max(128), "Its key")
                .logged(In.QUERY)
                .run(this::get));
    }

    private static Access settings(Action action) {
        return new Access("settings", action, Reach.ANY);
    }

    private Answer health() {
        return answer(mail.health().storeProblem(), 500);
    }

    private Answer ready() {
        return answer(mail.health().problem(), 503);
    }

    private Answer answer(String problem, int otherwise) {
        return problem.isEmpty()
                ? Shape.success().put("version", version).put("cluster", mail.health().clusterConnected()).ok()
                : new Shape().put("success", false).put("version", version).put("message", problem).as(otherwise);
    }

    private Answer metrics() {
        var out = new StringBuilder();
        mail.store().figures().forEach((name, value) -> figure(out, "pintail_store_" + name, value));
        figure(out, "pintail_queue_recipients", outbox.queue().count());
        figure(out, "pintail_accounts", mail.accounts().count());
        var memory = ManagementFactory.getMemoryMXBean();
        figure(out, "jvm_memory_heap_used_bytes", memory.getHeapMemoryUsage().getUsed());
        figure(out, "jvm_memory_heap_max_bytes", memory.getHeapMemoryUsage().getMax());
        figure(out, "jvm_threads_platform", ManagementFactory.getThreadMXBean().getThreadCount());
        figure(out, "process_uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os) {
            out.append("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total ")
                    .append(os.getProcessCpuTime() / 1e9)
                    .append('\n');
        }
        var text = out.toString().getBytes(StandardCharsets.UTF_8);
        var type = Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        return new Answer.Content(200, type, text.length, stream -> stream.write(text));
    }

    private static void figure(StringBuilder out, String name, long value) {
        out.append("# TYPE ").append(name).append(" gauge\n").append(name).append(' ').append(value).append('\n');
    }

    private Answer list(Call call) {
        var filter = call.text("filter").toLowerCase(Locale.ROOT);
        var shown = mail.stored().known().stream()
                .filter(k -> k.key().toLowerCase(Locale.ROOT).contains(filter))
                .map(this::show)
                .toList();
        return Shape.success().given("filter", call.given("filter").orElse(null)).put("settings", shown).ok();
    }

    private Shape show(Settings.Known known) {
        var stored = mail.stored().stored(known.key());
        return new Shape()
                .put("key", known.key())
                .put("value", stored.orElse(known.otherwise()))
                .put("name", known.name())
                .put("description", known.description())
                .put("default", known.otherwise())
                .put("type", known.type().name().toLowerCase(Locale.ROOT))
                .put("custom", stored.isPresent());
    }

    private Answer set(Call call) {
        var known = mail.stored().known(call.text("key")).orElseThrow();
        var value = call.value("value");
        mail.stored().set(known, switch (value) {
            case Number n -> n.longValue();
            case String s when known.type() != Settings.Type.STRING && s.matches("\\d{1,18}") -> Long.parseLong(s);
            case null -> "";
            default -> value;
        });
        return Shape.success().put("key", known.key()).ok();
    }

    private Answer get(Call call) {
        var key = call.text("key");
        var known = mail.stored().known(key);
        var value = mail.stored().stored(key).or(() -> known.map(Settings.Known::otherwise));
        return value.isPresent()
                ? Shape.success().put("key", key).put("value", value.get()).ok()
                : new Shape().put("success", false).put("key", key).put("error", "Key was not found").ok();
    }
}
