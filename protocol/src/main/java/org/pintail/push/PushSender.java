package org.pintail.push;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.pintail.backend.Counters;
import org.pintail.backend.Jobs.Job;
import org.pintail.backend.ObjectId;
import org.pintail.mail.JobRunner;
import org.pintail.mail.Mail;
import org.pintail.mail.PushDevices;
import org.pintail.mail.PushDevices.Device;
import org.pintail.net.ClientIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tells Apple's push notification service which devices to wake, as [ApplePush] has put them into the queue: one request over HTTP/2 for each,
/// with the certificate as the sender's proof. The service says when a device wants to hear no more. While it does not answer, one request for each
/// device is tried again, some times; what it would have said is said by the next that succeeds.
public final class PushSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PushSender.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration EXPIRES = Duration.ofDays(1); // a device that is off until then finds its mail without being woken
    private static final Duration FAILING = Duration.ofMinutes(15); // longer than a request is tried for
    private static final int AT_ONCE = 16;
    private static final Set<String> GONE = Set.of("BadDeviceToken", "DeviceTokenNotForTopic", "Unregistered", "ExpiredToken");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final PushDevices devices;
    private final Counters counters;
    private final Clock clock;
    private final Settings settings;
    private final HttpClient http;
    private final JobRunner jobs;
    private volatile String refused = "";

    /// `service`: where requests go, `https://api.push.apple.com`; `retry`: first wait after the service could not be asked.
    public record Settings(URI service, String topic, ClientIdentity identity, Duration retry) {}

    /// The service did not take it; it is asked again.
    private static final class NotTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTaken(String message) {
            super(message);
        }

        NotTaken(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    public PushSender(Mail mail, Settings settings) {
        this.devices = mail.pushDevices();
        this.counters = mail.store().counters();
        this.clock = mail.clock();
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(TIMEOUT)
                .sslContext(settings.identity().context())
                .build();
        this.jobs = new JobRunner(
                mail.store().jobs(), ApplePush.QUEUE, new JobRunner.Settings(AT_ONCE, TIMEOUT.multipliedBy(3), settings.retry()), this::send);
    }

    public void start() {
        jobs.start();
    }

    private void send(Job job) {
        var device = ObjectId.parse(job.body()).flatMap(devices::find);
        if (device.isEmpty()) {
            return; // it was forgotten meanwhile
        }
        var failing = "push-failing:" + job.body();
        try {
            var answer = ask(device.get());
            heed(device.get(), answer.statusCode(), reason(answer.body()));
            if (job.attempt() > 1) {
                counters.clear(failing);
            }
        } catch (NotTaken e) {
            boolean another = job.attempt() == 1 && !counters.add(failing, 1, 1, FAILING).allowed();
            if (!another && job.attempt() < job.attempts()) {
                throw e;
            }
            if (!another) {
                LOG.warn("device not woken, given up account={} error={}", device.get().account(), e.getMessage());
                counters.clear(failing);
            }
        }
    }

    private HttpResponse<String> ask(Device device) {
        var payload = JSON.createObjectNode();
        payload.putObject("aps").put("account-id", device.accountId());
        var request = HttpRequest.newBuilder(settings.service().resolve("/3/device/" + device.token()))
                .timeout(TIMEOUT)
                .header("apns-topic", settings.topic())
                .header("apns-expiration", Long.toString(clock.instant().plus(EXPIRES).getEpochSecond()))
                .POST(HttpRequest.BodyPublishers.ofString(payload.toString()))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new NotTaken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotTaken("interrupted");
        }
    }

    private void heed(Device device, int status, String reason) {
        if (status == 200) {
            refused = "";
        } else if (status == 410 || status == 400 && GONE.contains(reason)) {
            LOG.info("device is not woken any more account={} reason={}", device.account(), reason);
            devices.forget(device.id());
        } else if (status == 429 || status >= 500) {
            throw new NotTaken(settings.service() + " answered " + status + " " + reason);
        } else if (!refused.equals(reason)) { // trying again would not help, and every message would bring this line
            refused = reason;
            LOG.error("push service refuses, further refusals of the same kind are not logged status={} reason={} topic={}", status, reason, settings.topic());
        }
    }

    /// What the service gives as `reason`, "" where it says nothing.
    private static String reason(String body) {
        try {
            return body.isBlank() ? "" : JSON.readTree(body).path("reason").asString("");
        } catch (JacksonException e) {
            return "an answer that is no JSON";
        }
    }

    /// Waits for what is being sent; what is left stays in the queue.
    @Override
    public void close() {
        jobs.close();
        http.shutdownNow();
    }
}
