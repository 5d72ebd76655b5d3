package dev.headrace.test;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A paginated JSON API in the style of GitHub: arrays, and a {@code Link} header (RFC 8288) to the next page.
 *
 * <pre>{@code
 * try (TestServer api = FakeApi.linkHeader("/repos/o/r/issues", FakeApi.issues(250)).failing(503).onPage(2).once().start()) {
 *     …
 *     assertThat(api.requests()).hasSize(4);
 * }
 * }</pre>
 *
 * <p>Pages are chosen by the query parameters {@code page} (from 1) and {@code per_page}. Each page has a weak
 * {@code ETag} and is answered 304 when it is asked for with the same {@code If-None-Match}. Settings return a changed
 * copy; faults and the rate limit of each copy count from the beginning, and servers that share a copy share its counts.
 */
public final class FakeApi implements Route {

    private final String path;
    private final List<String> items;
    private final int pageSize;
    private final NextLink link;
    private final Faults<Answer> faults;
    private final @Nullable RateLimit rateLimit;
    private final AtomicInteger requests = new AtomicInteger();

    private FakeApi(
            String path,
            List<String> items,
            int pageSize,
            NextLink link,
            Faults<Answer> faults,
            @Nullable RateLimit rateLimit) {
        this.path = path;
        this.items = items;
        this.pageSize = pageSize;
        this.link = link;
        this.faults = faults;
        this.rateLimit = rateLimit;
    }

    /**
     * An API under one path.
     *
     * @param path where {@link #start()} puts it; a {@link TestServer} may put it elsewhere
     * @param items one JSON text each
     * @return 100 items a page, absolute links, no faults
     */
    public static FakeApi linkHeader(String path, List<String> items) {
        return new FakeApi(path, List.copyOf(items), 100, NextLink.absolute(), Faults.none(), null);
    }

    /**
     * An API to be put under any path.
     *
     * @param items one JSON text each
     * @return 100 items a page, absolute links, no faults
     */
    public static FakeApi linkHeader(List<String> items) {
        return linkHeader("/**", items);
    }

    /**
     * Makes issues to serve: {@code number} from 1, {@code title}, {@code state} (every third is closed), and the time
     * of the last change, one minute apart from 2024-01-01, as {@code updated_at} and as {@code updatedAt}.
     *
     * @param count how many
     * @return JSON objects, oldest first
     */
    public static List<String> issues(int count) {
        Instant first = Instant.parse("2024-01-01T00:00:00Z");
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> {
                    Instant updated = first.plusSeconds(60L * n);
                    return """
                            {"number":%d,"title":"Issue %d","state":"%s","updated_at":"%s","updatedAt":"%s"}""".formatted(n, n, n % 3 == 0 ? "closed" : "open", updated, updated);
                })
                .toList();
    }

    /**
     * Items on a page when the request has no {@code per_page}. Default 100.
     *
     * @param items at least 1
     * @return a changed copy
     */
    public FakeApi pageSize(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("pageSize must be at least 1: " + items);
        }
        return new FakeApi(path, this.items, items, link, faults.restarted(), restarted(rateLimit));
    }

    /**
     * How the next page is pointed at. Default {@link NextLink#absolute()}.
     *
     * @param link the form of the {@code Link} header
     * @return a changed copy
     */
    public FakeApi links(NextLink link) {
        return new FakeApi(path, items, pageSize, link, faults.restarted(), restarted(rateLimit));
    }

    /**
     * Answers 429 with {@code Retry-After} to all requests above a limit. Default: no limit.
     *
     * <p>Windows are fixed and begin with a request. Every response has {@code X-RateLimit-Limit}, {@code -Remaining},
     * {@code -Used} and {@code -Reset} (epoch seconds, rounded up, as {@code Retry-After} is).
     *
     * @param requests allowed in each window
     * @param window more than zero
     * @return a changed copy
     */
    public FakeApi rateLimit(int requests, Duration window) {
        return new FakeApi(path, items, pageSize, link, faults.restarted(), new RateLimit(requests, window));
    }

    /**
     * Answers with a status and a JSON body that has a {@code message}, instead of the page.
     *
     * @param status for example 503
     * @return when to do so
     */
    public Fault<FakeApi> failing(int status) {
        return fault(answer -> {
            answer.fail(status, "{\"message\":\"status " + status + "\"}");
            answer.headers.set("Content-Type", "application/json");
        });
    }

    /**
     * Answers 200 with another body: malformed JSON, an HTML error page, a byte order mark.
     *
     * @param contentType the media type claimed
     * @param body sent as UTF-8
     * @return when to do so
     */
    public Fault<FakeApi> answering(String contentType, String body) {
        return fault(answer -> {
            answer.fail(200, body);
            answer.headers.set("Content-Type", contentType);
        });
    }

    /**
     * Promises the page by {@code Content-Length}, sends half of it and closes the connection.
     *
     * @return when to do so
     */
    public Fault<FakeApi> truncating() {
        return cutting(Answer.Framing.CONTENT_LENGTH);
    }

    /**
     * Sends half of the page in chunks and closes the connection before the last chunk.
     *
     * @return when to do so
     */
    public Fault<FakeApi> truncatingChunks() {
        return cutting(Answer.Framing.CHUNKED);
    }

    /**
     * Sends half of the page without any framing and closes the connection: only the JSON tells that it is cut.
     *
     * @return when to do so
     */
    public Fault<FakeApi> truncatingUnframed() {
        return cutting(Answer.Framing.CLOSE);
    }

    /**
     * Sends half of the page, then nothing more, and keeps the connection open.
     *
     * @return when to do so
     */
    public Fault<FakeApi> stalling() {
        return fault(answer -> answer.stallAfter = 0);
    }

    /**
     * Closes the connection without an answer.
     *
     * @return when to do so
     */
    public Fault<FakeApi> dropping() {
        return fault(answer -> answer.dropped = true);
    }

    /**
     * Waits before answering.
     *
     * @param delay how long, to the millisecond
     * @return when to do so
     */
    public Fault<FakeApi> delaying(Duration delay) {
        return fault(answer -> answer.delay = delay);
    }

    /** {@inheritDoc} The server answers only the path given to {@link #linkHeader(String, List)}, others are 404. */
    @Override
    public TestServer start() {
        return TestServer.builder().route(path, this).start();
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        Answer answer = new Answer();
        if (rateLimit != null) {
            rateLimit.count(answer);
        }
        if (!answer.failed) {
            faults.spoil(answer, request, requests.incrementAndGet());
        }
        if (!answer.failed
                && !request.method().equals(HttpMethod.GET)
                && !request.method().equals(HttpMethod.HEAD)) {
            answer.fail(405, "");
        }
        if (!answer.failed) {
            fill(answer, request);
        }
        long half = answer.body.length() / 2;
        answer.cutAfter = answer.cutAfter == Long.MAX_VALUE ? Long.MAX_VALUE : half;
        answer.stallAfter = answer.stallAfter == Long.MAX_VALUE ? Long.MAX_VALUE : half;
        return answer.sendTo(request, response);
    }

    private void fill(Answer answer, HttpServerRequest request) {
        int size = Math.max(1, Occasion.number(request, "per_page", pageSize));
        int page = Math.max(1, Occasion.page(request));
        long from = Math.min(items.size(), (page - 1L) * size);
        long to = Math.min(items.size(), from + size);
        String body = "[" + String.join(",", items.subList((int) from, (int) to)) + "]";
        String etag = "W/\"" + Integer.toHexString(body.hashCode()) + "\"";
        int last = Math.max(1, (items.size() + size - 1) / size);
        link.header(page, last, target -> pageUri(request, target))
                .ifPresent(value -> answer.headers.set("Link", value));
        answer.headers.set("ETag", etag);
        if (etag.equals(request.requestHeaders().get("If-None-Match"))) {
            answer.status = 304;
        } else {
            answer.headers.set("Content-Type", "application/json; charset=utf-8");
            answer.body = Content.text(body);
        }
    }

    private static NextLink.Target pageUri(HttpServerRequest request, int page) {
        QueryStringDecoder asked = new QueryStringDecoder(request.uri());
        QueryStringEncoder next = new QueryStringEncoder(asked.rawPath());
        asked.parameters().forEach((name, values) -> {
            if (!name.equals("page")) {
                values.forEach(value -> next.addParam(name, value));
            }
        });
        next.addParam("page", Integer.toString(page));
        String host = request.requestHeaders().get("Host", LocalServer.HOST);
        return new NextLink.Target(request.scheme() + "://" + host, next.toString());
    }

    private Fault<FakeApi> cutting(Answer.Framing framing) {
        return fault(answer -> {
            answer.framing = framing;
            answer.cutAfter = 0;
        });
    }

    private Fault<FakeApi> fault(Consumer<Answer> effect) {
        return Fault.of((occasion, extra) ->
                new FakeApi(path, items, pageSize, link, faults.with(occasion, extra, effect), restarted(rateLimit)));
    }

    private static @Nullable RateLimit restarted(@Nullable RateLimit limit) {
        return limit == null ? null : limit.restarted();
    }

    /** A fixed window, shared by all clients. */
    private static final class RateLimit {

        private final int allowed;
        private final Duration window;
        private Instant reset = Instant.MIN;
        private int used;

        RateLimit(int allowed, Duration window) {
            if (allowed < 1) {
                throw new IllegalArgumentException("rateLimit must allow at least 1 request: " + allowed);
            }
            if (window.isZero() || window.isNegative()) {
                throw new IllegalArgumentException("the window of rateLimit must be more than zero: " + window);
            }
            this.allowed = allowed;
            this.window = window;
        }

        RateLimit restarted() {
            return new RateLimit(allowed, window);
        }

        synchronized void count(Answer answer) {
            Instant now = Instant.now();
            if (!now.isBefore(reset)) {
                reset = now.plus(window);
                used = 0;
            }
            if (used == allowed) {
                answer.fail(429, "{\"message\":\"API rate limit exceeded\"}");
                answer.headers
                        .set("Content-Type", "application/json")
                        .set("Retry-After", seconds(Duration.between(now, reset)));
            } else {
                used++;
            }
            answer.headers
                    .set("X-RateLimit-Limit", allowed)
                    .set("X-RateLimit-Remaining", allowed - used)
                    .set("X-RateLimit-Used", used)
                    .set("X-RateLimit-Reset", seconds(Duration.between(Instant.EPOCH, reset)));
        }

        private static long seconds(Duration duration) {
            return duration.plusSeconds(1).minusNanos(1).toSeconds();
        }
    }
}
