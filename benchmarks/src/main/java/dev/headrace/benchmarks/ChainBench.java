package dev.headrace.benchmarks;

import dev.headrace.connector.Unplugged;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the chain costs by itself: a tiny request whose answer is there at once, without a socket. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainBench {

    private static final byte[] ANSWER = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Headers HEADERS = Headers.of("Content-Type", "application/json", "Content-Length", "2");
    private static final Request REQUEST = Request.get("http://localhost/tiny");
    private static final Exchange END = request -> Mono.just(Response.of(request, 200, HEADERS, ANSWER));

    private final Calls end = END::exchange;
    private final Calls defaults = Unplugged.defaults(END)::exchange;
    private final Calls full = Unplugged.full(END)::exchange;

    /** Makes one call and reads the answer. */
    @FunctionalInterface
    interface Calls {
        Flux<byte[]> exchange(Request request, Function<Response, Publisher<byte[]>> reader);

        /** Calls once. The answer must be the one that was given. */
        default int length() {
            byte[] body = exchange(REQUEST, response -> response.readAll(1024)).blockLast();
            if (body == null || body.length != ANSWER.length) {
                throw new IllegalStateException("Not the answer: " + Arrays.toString(body));
            }
            return body.length;
        }
    }

    /** A new benchmark; JMH makes it. */
    public ChainBench() {}

    /**
     * The end alone, scoped: what the others have in common.
     *
     * @return bytes read
     */
    @Benchmark
    public int end() {
        return end.length();
    }

    /**
     * A connector for which nothing was set.
     *
     * @return bytes read
     */
    @Benchmark
    public int defaults() {
        return defaults.length();
    }

    /**
     * With credentials, a rate limit and a breaker as well.
     *
     * @return bytes read
     */
    @Benchmark
    public int full() {
        return full.length();
    }
}
