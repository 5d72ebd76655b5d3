package dev.headrace.examples.dashboard;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A reader of events that is no browser, and reads whatever comes at once. */
final class PlainReader extends BaseSubscriber<String> {

    private final EventLog log = new EventLog();
    private volatile @Nullable SignalType end;

    private PlainReader() {}

    static PlainReader of(URI events) {
        return of(events, "");
    }

    static PlainReader of(URI events, String lastEventId) {
        PlainReader reader = new PlainReader();
        HttpClient.create(ConnectionProvider.newConnection())
                .headers(headers -> headers.set("Accept", "text/event-stream").set("Last-Event-ID", lastEventId))
                .get()
                .uri(events)
                .responseContent()
                .asString()
                .subscribe(reader);
        return reader;
    }

    EventLog log() {
        return log;
    }

    @Override
    protected void hookOnNext(String text) {
        log.add(text);
    }

    @Override
    protected void hookFinally(SignalType type) {
        end = type;
    }

    @Override
    public String toString() {
        return "PlainReader[" + log + ", " + (end == null ? "reading" : end) + "]";
    }
}
