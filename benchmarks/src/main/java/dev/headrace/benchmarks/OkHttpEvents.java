package dev.headrace.benchmarks;

import java.util.Objects;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;

/** OkHttp's own module for events, on the calling thread, with blocking Jackson. */
final class OkHttpEvents {

    private OkHttpEvents() {}

    static Contestant.Preparation texts() {
        return reading(EventChecksum::of);
    }

    static Contestant.Preparation ticks() {
        return reading((id, name, data) -> JacksonItems.tick(data).checksum());
    }

    static Contestant.Preparation reports() {
        return reading((id, name, data) -> JacksonItems.report(data).checksum());
    }

    /** Takes a number from an event. */
    @FunctionalInterface
    private interface Value {
        long of(String id, String name, String data);
    }

    private static Contestant.Preparation reading(Value value) {
        return (url, knobs) -> {
            OkHttpClient client = new OkHttpClient();
            Request request = new Request.Builder()
                    .url(url + "/events")
                    .header("Accept", "text/event-stream")
                    .build();
            return () -> {
                Listener listener = new Listener(value);
                try (Response response = client.newCall(request).execute()) {
                    EventSources.processResponse(response, listener);
                }
                return listener.result();
            };
        };
    }

    private static final class Listener extends EventSourceListener {

        private final Tally.Counter counter = new Tally.Counter();
        private final Value value;
        private @Nullable Throwable failure;

        Listener(Value value) {
            this.value = value;
        }

        @Override
        public void onEvent(EventSource source, @Nullable String id, @Nullable String name, String data) {
            counter.add(value.of(Objects.requireNonNull(id), Objects.requireNonNull(name), data));
        }

        @Override
        public void onFailure(EventSource source, @Nullable Throwable reason, @Nullable Response response) {
            failure = reason == null ? new IllegalStateException("No events: " + response) : reason;
        }

        Tally result() {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            return counter.result();
        }
    }
}
