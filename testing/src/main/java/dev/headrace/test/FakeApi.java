package dev.headrace.test;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
public final class FakeApi extends FaultyRoute<FakeApi> {

    private final String path;
    private final List<String> items;
    private final int pageSize;
    private final NextLink link;
    private final @Nullable FixedWindow rateLimit;

    /** How far the clock of this server is ahead; null for one that sends no date. */
    private final @Nullable Duration skew;

    private final @Nullable String formerPath;

    private FakeApi(
            String path,
            List<String> items,
            int pageSize,
            NextLink link,
            Faults<Answer> faults,
            @Nullable FixedWindow rateLimit,
            @Nullable Duration skew,
            @Nullable String formerPath) {
        super(faults);
        this.path = path;
        this.items = items;
        this.pageSize = pageSize;
        this.link = link;
        this.rateLimit = rateLimit == null ? null : rateLimit.restarted(skewed(skew));
        this.skew = skew;
        this.formerPath = formerPath;
    }

    /**
     * An API under one path.
     *
     * @param path where {@link #start()} puts it; a {@link TestServer} may put it elsewhere
     * @param items one JSON text each
     * @return 100 items a page, absolute links, no faults
     */
    public static FakeApi linkHeader(String path, List<String> items) {
        return new FakeApi(path, List.copyOf(items), 100, NextLink.absolute(), Faults.none(), null, null, null);
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
        return new FakeApi(path, this.items, items, link, faults(), rateLimit, skew, formerPath);
    }

    /**
     * How the next page is pointed at. Default {@link NextLink#absolute()}.
     *
     * @param link the form of the {@code Link} header
     * @return a changed copy
     */
    public FakeApi links(NextLink link) {
        return new FakeApi(path, items, pageSize, link, faults(), rateLimit, skew, formerPath);
    }

    /**
     * Answers 429 with {@code Retry-After} to all requests above a limit. Default: no limit.
     *
     * <p>Windows are fixed and begin with a request; a 304 costs nothing. Every response has {@code X-RateLimit-Limit}, {@code -Remaining},
     * {@code -Used} and {@code -Reset} (epoch seconds, rounded up, as {@code Retry-After} is).
     *
     * @param requests allowed in each window
     * @param window more than zero
     * @return a changed copy
     */
    public FakeApi rateLimit(int requests, Duration window) {
        FixedWindow limit = new FixedWindow(requests, window, clock());
        return new FakeApi(path, items, pageSize, link, faults(), limit, skew, formerPath);
    }

    /**
     * A server whose clock is wrong: {@code X-RateLimit-Reset} goes by it, and so does a {@code Date} header, which is
     * sent only with this setting.
     *
     * @param ahead of the true time; negative for behind
     * @return a changed copy
     */
    public FakeApi clockSkew(Duration ahead) {
        return new FakeApi(path, items, pageSize, link, faults(), rateLimit, ahead, formerPath);
    }

    /**
     * Answers 301 under the path of a repository that has been renamed; {@code Location} is where it is now: the path of {@link NextLink#under}
     * or else this API's own. That the query goes along is not documented by GitHub.
     *
     * @param path for example {@code /repos/o/former/issues}
     * @return a changed copy
     */
    public FakeApi renamedFrom(String path) {
        if (this.path.endsWith("*")) {
            throw new IllegalArgumentException("renamedFrom needs an API that knows its own path, not " + this.path);
        }
        return new FakeApi(this.path, items, pageSize, link, faults(), rateLimit, skew, path);
    }

    /**
     * Refuses a request because of GitHub's primary limit: nothing remains until a time, and no {@code Retry-After} says so.
     *
     * @param status 403 or 429
     * @param untilReset from now until {@code X-RateLimit-Reset}, by this server's clock
     * @return when to do so
     */
    public Fault<FakeApi> exhausting(int status, Duration untilReset) {
        return fault(answer -> {
            answer.failJson(status, "{\"message\":\"API rate limit exceeded for user ID 1.\"}");
            answer.headers
                    .set("X-RateLimit-Remaining", 0)
                    .set("X-RateLimit-Reset", clock().instant().plus(untilReset).getEpochSecond());
        });
    }

    /**
     * Refuses a request because of GitHub's secondary limit: there is still something left of the primary one.
     *
     * <p>Says nothing about when to come back, as happens; {@code .header("Retry-After", "60")} adds it.
     *
     * @param status 403 or 429
     * @return when to do so
     */
    public Fault<FakeApi> secondaryLimit(int status) {
        return fault(answer -> {
            answer.failJson(
                    status,
                    "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.\"}");
            answer.headers.set("X-RateLimit-Remaining", 14);
        });
    }

    /** {@inheritDoc} The server answers only the paths it was told of, others are 404. */
    @Override
    public TestServer start() {
        TestServer.Builder server = TestServer.builder().route(path, this);
        link.path().ifPresent(later -> server.route(later, this));
        if (formerPath != null) {
            server.route(formerPath, this);
        }
        return server.start();
    }

    @Override
    FakeApi with(Faults<Answer> faults) {
        return new FakeApi(path, items, pageSize, link, faults, rateLimit, skew, formerPath);
    }

    @Override
    void admit(Answer answer, Asked asked) {
        if (skew != null) {
            answer.headers.set("Date", DateFormatter.format(Date.from(clock().instant())));
        }
        if (rateLimit != null) {
            if (!rateLimit.take()) {
                answer.failJson(429, "{\"message\":\"API rate limit exceeded\"}");
                answer.headers.set("Retry-After", rateLimit.secondsToReset());
            }
            tellLimit(answer, rateLimit);
        }
    }

    private static void tellLimit(Answer answer, FixedWindow limit) {
        answer.headers
                .set("X-RateLimit-Limit", limit.allowed())
                .set("X-RateLimit-Remaining", limit.allowed() - limit.used())
                .set("X-RateLimit-Used", limit.used())
                .set("X-RateLimit-Reset", limit.reset())
                .set("X-RateLimit-Resource", "core");
    }

    @Override
    void fill(Answer answer, Asked asked) {
        if (!asked.is("GET") && !asked.is("HEAD")) {
            answer.fail(405, "");
        } else if (asked.path().equals(formerPath)) {
            String query = asked.raw().substring(asked.request().fullPath().length());
            answer.headers.set("Location", asked.origin() + link.path().orElse(path) + query);
            answer.failJson(301, "{\"message\":\"Moved Permanently\"}");
        } else {
            page(answer, asked);
        }
    }

    private void page(Answer answer, Asked asked) {
        int size = Math.max(1, asked.number("per_page", pageSize));
        int page = Math.max(1, Occasion.page(asked.request()));
        long from = Math.min(items.size(), (page - 1L) * size);
        long to = Math.min(items.size(), from + size);
        String body = "[" + String.join(",", items.subList((int) from, (int) to)) + "]";
        String etag = "W/\"" + Integer.toHexString(body.hashCode()) + "\"";
        int last = Math.max(1, (items.size() + size - 1) / size);
        link.header(page, last, target -> pageUri(asked, target)).ifPresent(value -> answer.headers.set("Link", value));
        answer.headers.set("ETag", etag);
        if (asked.header("If-None-Match").filter(etag::equals).isPresent()) {
            answer.status = 304;
            if (rateLimit != null) {
                rateLimit.giveBack();
                tellLimit(answer, rateLimit);
            }
        } else {
            answer.json(body);
        }
    }

    private NextLink.Target pageUri(Asked asked, int page) {
        String same = asked.rawWith("page", Integer.toString(page));
        String query = same.substring(same.indexOf('?'));
        String path = link.path().orElse(same.substring(0, same.indexOf('?')));
        return new NextLink.Target(asked.origin(), path + query);
    }

    private InstantSource clock() {
        return skewed(skew);
    }

    private static InstantSource skewed(@Nullable Duration skew) {
        return skew == null ? InstantSource.system() : InstantSource.offset(InstantSource.system(), skew);
    }
}
