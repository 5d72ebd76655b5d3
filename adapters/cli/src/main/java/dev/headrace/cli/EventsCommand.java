package dev.headrace.cli;

import dev.headrace.http.Request;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import java.nio.charset.StandardCharsets;
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
            EventStream stream = EventStream.from(remote.connector(), request);
            Flux<SseEvent> events = refined(stream).events();
            shell.write((maxEvents == null ? events : events.take(maxEvents)).map(this::line), Stdout::writeLine);
        }
        return ExitCode.DONE.code();
    }

    private EventStream refined(EventStream stream) {
        EventStream refined = stream;
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
        if (maxEventSize != null) {
            refined = refined.eventLimit((int) Math.min(Integer.MAX_VALUE, maxEventSize));
        }
        return refined;
    }

    private ReconnectPolicy reconnectPolicy() {
        ReconnectPolicy policy =
                reconnectDelay == null ? ReconnectPolicy.defaults() : ReconnectPolicy.exponential(reconnectDelay);
        return maxReconnects == null ? policy : policy.maxReconnects(maxReconnects);
    }

    private byte[] line(SseEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", event.id());
        line.put("event", event.event());
        line.put("data", decodeJson ? decoded(event) : event.data());
        return Json.write(line);
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
