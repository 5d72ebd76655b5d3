package dev.headrace.benchmarks;

import dev.headrace.http.Headers;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it takes to print without secrets; what has none is the common case and should take least. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RedactionBench {

    private static final String PLAIN_BODY =
            "{\"id\":1347,\"title\":\"Found a bug\",\"user\":{\"login\":\"octocat\",\"site_admin\":false},\"state\":\"open\","
                    + "\"labels\":[\"bug\",\"help wanted\"],\"comments\":3,\"created_at\":\"2026-11-29T22:00:00Z\"}";
    private static final String SECRET_BODY =
            "{\"access_token\":\"gho_16C7e42F292c6912E7710c838347Ae178B4a\",\"token_type\":\"bearer\",\"expires_in\":3600,"
                    + "\"refresh_token\":\"ghr_1B4a2e77838347a7E420ce178F2E7c6912E169246c34E1\",\"scope\":\"repo,gist\"}";

    private final String plainUrl =
            "https://api.github.com/repos/reactor/reactor-core/issues?state=all&per_page=100&page=3";
    private final String secretUrl = plainUrl + "&access_token=gho_16C7e42F292c6912E7710c838347Ae178B4a";
    private final Headers headers = Headers.of(
                    "Accept", "application/json", "User-Agent", "headrace/0.1", "X-Request-Id", "7b1f2a")
            .with("Authorization", Secret.of("Bearer gho_16C7e42F292c6912E7710c838347Ae178B4a"));
    private final Request request = Request.get(secretUrl).headers(headers);

    /** A new benchmark; JMH makes it. */
    public RedactionBench() {}

    /**
     * A URL without secrets.
     *
     * @return as it may be printed
     */
    @Benchmark
    public String plainUrl() {
        return Redactor.uri(plainUrl);
    }

    /**
     * A URL with a token in its query.
     *
     * @return as it may be printed
     */
    @Benchmark
    public String secretUrl() {
        return Redactor.uri(secretUrl);
    }

    /**
     * Four headers, one of them with credentials.
     *
     * @return as they may be printed
     */
    @Benchmark
    public String headers() {
        return headers.toString();
    }

    /**
     * A line of JSON without secrets.
     *
     * @return as it may be printed
     */
    @Benchmark
    public String plainBody() {
        return Redactor.text(PLAIN_BODY);
    }

    /**
     * A line of JSON with two tokens.
     *
     * @return as it may be printed
     */
    @Benchmark
    public String secretBody() {
        return Redactor.text(SECRET_BODY);
    }

    /**
     * A line of JSON without secrets, printed without those of a request.
     *
     * @return as it may be printed
     */
    @Benchmark
    public String plainBodyOfRequest() {
        return request.redacted(PLAIN_BODY);
    }

    /**
     * Method and URL of a request, as every error has them.
     *
     * @return as they may be printed
     */
    @Benchmark
    public String description() {
        return request.describe();
    }
}
