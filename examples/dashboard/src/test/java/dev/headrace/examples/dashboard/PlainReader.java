package dev.headrace.examples.dashboard;

import io.netty.channel.ChannelOption;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A reader of events that is no browser: it reads as fast as it is told to, and remembers ids and losses alone. */
final class PlainReader extends BaseSubscriber<String> {

    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");
    private static final int SMALL = 4 * 1024;

    private final StringBuilder rest = new StringBuilder();
    private final List<Long> ids = new ArrayList<>();
    private long lost;

    private PlainReader() {}

    static PlainReader of(URI events) {
        PlainReader reader = new PlainReader();
        HttpClient.create(ConnectionProvider.newConnection())
                .option(ChannelOption.SO_RCVBUF, SMALL)
                .headers(headers -> headers.set("Accept", "text/event-stream"))
                .get()
                .uri(events)
                .responseContent()
                .asString()
                .subscribe(reader);
        return reader;
    }

    /** Whatever comes. */
    PlainReader readAll() {
        requestUnbounded();
        return this;
    }

    /** The beginning, and then nothing more until it is told to. */
    PlainReader readLittle() {
        request(1);
        return this;
    }

    synchronized List<Long> ids() {
        return List.copyOf(ids);
    }

    synchronized long lastId() {
        return ids.isEmpty() ? 0 : ids.get(ids.size() - 1);
    }

    synchronized long lost() {
        return lost;
    }

    void close() {
        dispose();
    }

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
        // It is told when to read.
    }

    @Override
    protected synchronized void hookOnNext(String text) {
        rest.append(text);
        for (int end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
            note(rest.substring(0, end));
            rest.delete(0, end + 2);
        }
    }

    private void note(String event) {
        if (event.contains("event:feed") || event.contains("event: feed")) {
            event.lines()
                    .filter(line -> line.startsWith("id:"))
                    .forEach(line -> ids.add(Long.parseLong(line.substring(3).strip())));
        } else if (event.contains("event:loss") || event.contains("event: loss")) {
            Matcher count = COUNT.matcher(event);
            lost += count.find() ? Long.parseLong(count.group(1)) : 0;
        }
    }
}
