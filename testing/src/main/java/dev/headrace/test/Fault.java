package dev.headrace.test;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Something a route does wrong, and when: first which requests, then how often.
 *
 * <pre>{@code
 * FakeApi.linkHeader(issues).failing(503).header("Retry-After", "1").onPage(2).once()
 * RangeFile.ofSize(1_000_000).cutAfter(300_000).onRequest(1, 2).always()
 * }</pre>
 *
 * <p>Nothing happens until {@link #once()}, {@link #times} or {@link #always()} gives the route back. A value: it can
 * be kept and used again.
 *
 * @param <T> the route that misbehaves
 */
public final class Fault<T> {

    private final BiFunction<Occasion, HttpHeaders, T> route;
    private final BiPredicate<HttpServerRequest, Integer> selector;
    private final HttpHeaders headers;

    private Fault(
            BiFunction<Occasion, HttpHeaders, T> route,
            BiPredicate<HttpServerRequest, Integer> selector,
            HttpHeaders headers) {
        this.route = route;
        this.selector = selector;
        this.headers = headers;
    }

    static <T> Fault<T> of(BiFunction<Occasion, HttpHeaders, T> route) {
        return new Fault<>(route, (request, number) -> true, new DefaultHttpHeaders());
    }

    /**
     * Adds a header field to the responses that are hit, in place of one of that name.
     *
     * @param name the field's name
     * @param value its value
     * @return the fault with this field
     */
    public Fault<T> header(String name, String value) {
        return new Fault<>(route, selector, headers.copy().set(name, value));
    }

    /**
     * Hits only requests with this number.
     *
     * @param numbers counted from 1 in the order in which the route saw them
     * @return the fault, narrowed
     */
    public Fault<T> onRequest(int... numbers) {
        int[] chosen = numbers.clone();
        return narrowed((request, number) -> Arrays.stream(chosen).anyMatch(n -> n == number));
    }

    /**
     * Hits only requests for this page: their query parameter {@code page}, or 1 without it.
     *
     * @param page counted from 1
     * @return the fault, narrowed
     */
    public Fault<T> onPage(int page) {
        return narrowed((request, number) -> Occasion.page(request) == page);
    }

    /**
     * Hits only requests that match.
     *
     * @param condition looks at the request; called on an event loop
     * @return the fault, narrowed
     */
    public Fault<T> when(Predicate<? super HttpServerRequest> condition) {
        return narrowed((request, number) -> condition.test(request));
    }

    /**
     * Hits the first matching request.
     *
     * @return the route with this fault
     */
    public T once() {
        return times(1);
    }

    /**
     * Hits the first matching requests.
     *
     * @param count how many; at least 1
     * @return the route with this fault
     */
    public T times(long count) {
        if (count < 1) {
            throw new IllegalArgumentException("times must be at least 1: " + count);
        }
        return route.apply(new Occasion(selector, count), headers);
    }

    /**
     * Hits every matching request.
     *
     * @return the route with this fault
     */
    public T always() {
        return times(Long.MAX_VALUE);
    }

    private Fault<T> narrowed(BiPredicate<HttpServerRequest, Integer> also) {
        return new Fault<>(route, selector.and(also), headers);
    }
}
