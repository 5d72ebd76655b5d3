package dev.headrace.test;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import reactor.netty.http.server.HttpServerRequest;

/** When a fault strikes: which requests, and how many of them. Counts, so each running route has its own. */
final class Occasion {

    private final BiPredicate<HttpServerRequest, Integer> selector;
    private final long times;
    private final AtomicLong left;

    Occasion(BiPredicate<HttpServerRequest, Integer> selector, long times) {
        this.selector = selector;
        this.times = times;
        this.left = new AtomicLong(times);
    }

    Occasion restarted() {
        return new Occasion(selector, times);
    }

    boolean strikes(HttpServerRequest request, int number) {
        return selector.test(request, number) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    static int page(HttpServerRequest request) {
        return number(request, "page", 1);
    }

    /** A whole number from the query, or the default when it is absent or no number. */
    static int number(HttpServerRequest request, String parameter, int absent) {
        List<String> values = new QueryStringDecoder(request.uri()).parameters().getOrDefault(parameter, List.of());
        try {
            return values.isEmpty() ? absent : Integer.parseInt(values.get(0));
        } catch (NumberFormatException e) {
            return absent;
        }
    }
}
