package dev.headrace.benchmarks;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import java.net.URI;
import java.util.Objects;
import java.util.function.ToLongFunction;
import okhttp3.OkHttpClient;

/** LaunchDarkly's event source, which reconnects and reads on the calling thread. */
final class LaunchDarklyEvents {

    private LaunchDarklyEvents() {}

    static Contestant.Preparation texts() {
        return reading(event -> EventChecksum.of(
                Objects.requireNonNull(event.getLastEventId()), event.getEventName(), event.getData()));
    }

    static Contestant.Preparation ticks() {
        return reading(event -> JacksonItems.tick(event.getData()).checksum());
    }

    private static Contestant.Preparation reading(ToLongFunction<MessageEvent> value) {
        return (url, knobs) -> {
            OkHttpClient client = new OkHttpClient();
            return () -> {
                Tally.Counter counter = new Tally.Counter();
                try (EventSource source = new EventSource.Builder(ConnectStrategy.http(URI.create(url + "/events"))
                                .httpClient(client))
                        .build()) {
                    source.start();
                    readAll(source, value, counter);
                }
                return counter.result();
            };
        };
    }

    private static void readAll(EventSource source, ToLongFunction<MessageEvent> value, Tally.Counter counter)
            throws Exception {
        try {
            while (true) {
                counter.add(value.applyAsLong(source.readMessage()));
            }
        } catch (StreamClosedByServerException end) {
            // Its way to say that all events have come; the count says whether it is true.
        }
    }
}
