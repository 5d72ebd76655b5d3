package dev.headrace.cli;

import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.sse.Backpressure;
import dev.headrace.sse.EventLimits;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.Loss;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;

/** Server-sent events, one JSON object a line. */
@Command(
        name = "events",
        description =
                "Reads server-sent events, reconnecting where the stream broke, and writes one JSON object a line.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class EventsCommand implements Callable<Integer> {

    /** What becomes of an event that is too large. */
    enum OnOversized {
        FAIL,
        SKIP,
        TRUNCATE
    }

    private record Line(SseEvent event, String json) {}

    private final Shell shell;

    @Mixin
    private final RequestOptions target = new RequestOptions();

    @Mixin
    private final BodyOptions body = new BodyOptions();

    @Option(names = "--last-event-id", paramLabel = "ID", description = "Begins after this event.")
    private @Nullable String lastEventId;

    @Option(names = "--max-events", paramLabel = "N", description = "Ends after this many events.")
    private @Nullable Long maxEvents;

    @Option(names = "--no-reconnect", description = "Ends with the connection. Default for all methods but GET.")
    private boolean noReconnect;

    @Option(
            names = "--reconnect-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Wait before the first reconnection; it doubles from one to the next, up to 30s. Default 1s.")
    private @Nullable Duration reconnectDelay;

    @Option(
            names = "--max-reconnects",
            paramLabel = "N",
            description = "How often in a row it reconnects. Default: no limit.")
    private @Nullable Long maxReconnects;

    @Option(
            names = "--complete-when",
            paramLabel = "DATA",
            description = "The event with exactly this data is the last one, such as [DONE].")
    private @Nullable String lastData;

    @Option(names = "--decode-json", description = "Writes data as the JSON value it holds, not as text.")
    private boolean decodeJson;

    @Option(
            names = "--max-event-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Longest event that is accepted. Default 8m.")
    private @Nullable Long maxEventSize;

    @Option(
            names = "--on-oversized",
            paramLabel = "fail|skip|truncate",
            description = "What becomes of a longer event; one that is cut has \"truncated\":true. Default fail.")
    private OnOversized onOversized = OnOversized.FAIL;

    @Option(
            names = "--backpressure",
            paramLabel = "block|drop-oldest:N",
            converter = BackpressureConverter.class,
            description =
                    "When standard output is slow, the server waits, or all but the newest N events are dropped; the event"
                            + " behind a gap has \"lost\" with how many and between which ids. Default block.")
    private Backpressure backpressure = Backpressure.block();

    @Option(
            names = "--deduplicate",
            paramLabel = "N",
            description = "Leaves out events whose id is among the last N, as some servers repeat them after a break.")
    private @Nullable Integer deduplicate;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "Begins behind the event whose id is in the file, and keeps the id of the last event written"
                    + " there, so that the next run goes on. Before the first, --last-event-id counts.")
    private @Nullable Path checkpoint;

    EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (maxEvents != null && maxEvents < 0) {
            throw new IllegalArgumentException("--max-events must not be negative, but is " + maxEvents);
        }
        Request request = body.request(target, shell.in());
        try (Remote remote = target.remote(shell, connector -> connector)) {
            EventStream stream = remote.counting(refined(EventStream.from(remote.connector(), request)));
            EventCheckpoint written = checkpoint == null ? null : new EventCheckpoint(checkpoint, target.url());
            Flux<SseEvent> events = (written == null ? stream : written.resuming(stream)).events();
            // Made within the stream: a line that cannot be made must not keep those before it from being written.
            Flux<Line> lines =
                    (maxEvents == null ? events : events.take(maxEvents)).map(event -> new Line(event, line(event)));
            shell.write(
                    lines,
                    (out, line) -> {
                        out.writeLine(line.json().getBytes(StandardCharsets.UTF_8));
                        if (written != null) {
                            written.written(line.event());
                        }
                    },
                    written == null ? () -> {} : written::save);
        }
        return ExitCode.DONE.code();
    }

    private EventStream refined(EventStream stream) {
        EventStream refined = stream.backpressure(backpressure).limits(limits());
        if (lastEventId != null) {
            refined = refined.lastEventId(lastEventId);
        }
        if (noReconnect) {
            refined = refined.reconnect(ReconnectPolicy.never());
        } else if (reconnectDelay != null || maxReconnects != null) {
            refined = refined.reconnect(reconnectPolicy());
        }
        if (lastData != null) {
            refined = refined.completeWhen(SseEvent.dataEquals(lastData));
        }
        return deduplicate == null ? refined : refined.deduplicate(deduplicate);
    }

    private EventLimits limits() {
        EventLimits limits = EventLimits.defaults();
        if (maxEventSize != null) {
            limits = limits.event((int) Math.min(Integer.MAX_VALUE, maxEventSize));
        }
        return switch (onOversized) {
            case FAIL -> limits;
            case SKIP -> limits.skipping();
            case TRUNCATE -> limits.truncating();
        };
    }

    private ReconnectPolicy reconnectPolicy() {
        ReconnectPolicy policy =
                reconnectDelay == null ? ReconnectPolicy.defaults() : ReconnectPolicy.exponential(reconnectDelay);
        return maxReconnects == null ? policy : policy.maxReconnects(maxReconnects);
    }

    private String line(SseEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", event.id());
        line.put("event", event.event());
        line.put("data", decodeJson ? decoded(event) : event.data());
        if (event.truncated()) {
            line.put("truncated", true);
        }
        Loss loss = event.loss();
        if (loss != null) {
            line.put("lost", loss);
        }
        return Json.writeText(line);
    }

    private static Object decoded(SseEvent event) {
        try {
            return Json.tree(event.data().getBytes(StandardCharsets.UTF_8));
        } catch (DecodingException e) {
            throw new DecodingException(
                    "The data of the event with id '" + event.id() + "' is not JSON (" + e.getMessage()
                            + "); leave --decode-json out to see it",
                    DecodingException.UNKNOWN,
                    DecodingException.UNKNOWN,
                    e);
        }
    }
}
