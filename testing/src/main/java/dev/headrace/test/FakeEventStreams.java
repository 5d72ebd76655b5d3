package dev.headrace.test;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;

/**
 * Changes of wikis in the style of Wikimedia EventStreams: ids that are positions in several partitions, and events that come again after
 * a resume.
 *
 * <pre>{@code
 * EventFeed feed = FakeEventStreams.recentChanges(1_000).canaryEvery(50).feed()
 *         .hangUpAfter(100)                      // in place of the 15 minutes after which connections end
 *         .overlap(3)
 *         .failing(503).header("Retry-After", "1").onRequest(2).once();
 * }</pre>
 *
 * <p>This says what the events are; how they come, and what goes wrong on the way, is set on the {@link #feed()}. An id is a JSON array with a
 * timestamp for each partition, and must come back to the byte: stricter than the original, so that tests notice. {@code since}, in ISO 8601
 * or milliseconds, begins at the first event not before it. Settings return a changed copy.
 */
public final class FakeEventStreams {

    private static final List<String> PARTITIONS =
            List.of("eqiad.mediawiki.recentchange", "codfw.mediawiki.recentchange");
    private static final long START = 1_756_449_917_002L;
    private static final long STEP = 20;

    private final long total;
    private final long canaryEvery;
    private final long firstKept;

    private FakeEventStreams(long total, long canaryEvery, long firstKept) {
        this.total = total;
        this.canaryEvery = canaryEvery;
        this.firstKept = firstKept;
    }

    /**
     * Edits, 20 ms from one to the next by their timestamps.
     *
     * @param total how many; {@link Long#MAX_VALUE} for no end
     * @return all of them kept, no canaries
     */
    public static FakeEventStreams recentChanges(long total) {
        return new FakeEventStreams(total, Long.MAX_VALUE, 1);
    }

    /**
     * Makes some events canaries, which are there for monitoring and are to be dropped: their {@code meta.domain} is {@code canary}.
     *
     * @param events a canary is each event whose number is a multiple of this; at least 1
     * @return a changed copy
     */
    public FakeEventStreams canaryEvery(long events) {
        if (events < 1) {
            throw new IllegalArgumentException("canaryEvery must be at least 1: " + events);
        }
        return new FakeEventStreams(total, events, firstKept);
    }

    /**
     * Forgets the oldest events: an id before them is answered 400, and who names none begins behind them. Default: none.
     *
     * @param events how many; at least 0
     * @return a changed copy
     */
    public FakeEventStreams forgetting(long events) {
        if (events < 0) {
            throw new IllegalArgumentException("forgetting must not be negative: " + events);
        }
        return new FakeEventStreams(total, canaryEvery, events + 1);
    }

    /**
     * The route that sends them, beginning each response with the comment {@code :ok}.
     *
     * @return a feed without faults, as fast as the reader
     */
    public EventFeed feed() {
        return EventFeed.of(total)
                .greeting()
                .type("message")
                .ids(FakeEventStreams::id, this::number)
                .data(this::data)
                .startingAt(this::first);
    }

    /**
     * The id of an event: where all partitions stand behind it.
     *
     * @param number counted from 1; each event is of the next partition
     * @return JSON
     */
    public static String id(long number) {
        return IntStream.range(0, PARTITIONS.size())
                .mapToObj(partition -> {
                    long last = number - Math.floorMod(number - 1 - partition, PARTITIONS.size());
                    return "{\"topic\":\"%s\",\"partition\":0,%s}"
                            .formatted(
                                    PARTITIONS.get(partition),
                                    last < 1 ? "\"offset\":-1" : "\"timestamp\":" + time(last));
                })
                .collect(Collectors.joining(",", "[", "]"));
    }

    /**
     * What an event says.
     *
     * @param number counted from 1
     * @return JSON, with characters of one to four bytes in its title
     */
    public String data(long number) {
        return "{\"$schema\":\"/mediawiki/recentchange/1.0.0\",\"meta\":{\"id\":\"%08d\",\"dt\":\"%s\",\"domain\":\"%s\"},\"type\":\"edit\",\"title\":\"Caf\u00e9 \u4e2d\u6587 \ud83d\ude00 %d\"}"
                .formatted(
                        number,
                        Instant.ofEpochMilli(time(number)),
                        number % canaryEvery == 0 ? "canary" : "mg.wiktionary.org",
                        number);
    }

    private long number(String id) {
        long newest = 0;
        for (JsonNode position : JsonText.read(id)) {
            newest = Math.max(newest, position.path("timestamp").asLong(0));
        }
        long number = (newest - START) / STEP;
        if (!id.equals(id(number))) {
            throw new IllegalArgumentException("no id of this stream: " + id);
        }
        if (number < firstKept - 1) {
            throw new IllegalArgumentException("forgotten: " + id);
        }
        return number;
    }

    private long first(HttpServerRequest request) {
        return new QueryStringDecoder(request.uri())
                .parameters().getOrDefault("since", List.of()).stream()
                        .findFirst()
                        .map(since -> since.matches("\\d+")
                                ? Long.parseLong(since)
                                : Instant.parse(since).toEpochMilli())
                        .map(since -> Math.max(firstKept, Math.floorDiv(since - START + STEP - 1, STEP)))
                        .orElse(firstKept);
    }

    private static long time(long number) {
        return START + STEP * number;
    }
}
