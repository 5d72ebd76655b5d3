package dev.headrace.benchmarks;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.pagination.PageEnd;
import dev.headrace.pagination.Pagination;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a request and the answer to it take in text: {@code Link} header fields, URI templates, headers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBench {

    // As GitHub sends it, in the middle of a list.
    private static final String LINK =
            "<https://api.github.com/repositories/10391073/issues?state=all&per_page=100&page=2>; rel=\"prev\", "
                    + "<https://api.github.com/repositories/10391073/issues?state=all&per_page=100&page=4>; rel=\"next\", "
                    + "<https://api.github.com/repositories/10391073/issues?state=all&per_page=100&page=38>; rel=\"last\", "
                    + "<https://api.github.com/repositories/10391073/issues?state=all&per_page=100&page=1>; rel=\"first\"";

    private final Pagination links = Pagination.linkHeader();
    private final PageEnd page = end(LINK);
    private final PageEnd lastPage = end(LINK.replace("next", "other"));
    private final Request template = Request.get("/repos/{owner}/{repo}/issues{?state,since,labels*}");
    private final Map<String, Object> variables = Map.of(
            "owner", "reactor", "repo", "reactor core", "state", "all", "since", "2026-01-01T00:00:00Z", "labels", "a");
    private final Headers headers = Headers.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "Date",
            "Sun, 29 Nov 2026 22:00:00 GMT",
            "Server",
            "github.com",
            "Cache-Control",
            "private, max-age=60",
            "Link",
            LINK);

    /** A new benchmark; JMH makes it. */
    public HeaderBench() {}

    /**
     * The next page out of four links.
     *
     * @return the next request
     */
    @Benchmark
    public Object linkHeader() {
        return links.next(page);
    }

    /**
     * Four links without a next page.
     *
     * @return nothing
     */
    @Benchmark
    public Object linkHeaderOfLastPage() {
        return links.next(lastPage);
    }

    /**
     * A template of five variables, parsed and expanded.
     *
     * @return the URI
     */
    @Benchmark
    public Object templateParsed() {
        return Request.get("/repos/{owner}/{repo}/issues{?state,since,labels*}")
                .with(variables)
                .uri();
    }

    /**
     * The same, parsed before.
     *
     * @return the URI
     */
    @Benchmark
    public Object templateExpanded() {
        return template.with(variables).uri();
    }

    /**
     * A header that comes last of five, in another case.
     *
     * @return its value
     */
    @Benchmark
    public Object headerFound() {
        return headers.first("link");
    }

    /**
     * Another header beside five.
     *
     * @return the headers
     */
    @Benchmark
    public Object headerAdded() {
        return headers.with("Accept", "application/json");
    }

    private static PageEnd end(String link) {
        Request request =
                Request.get("https://api.github.com/repositories/10391073/issues?state=all&per_page=100&page=3");
        return new PageEnd(request, request.uri(), 200, Headers.of("Link", link), 3, 100, 300, Map.of(), null, 1);
    }
}
