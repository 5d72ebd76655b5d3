package dev.headrace.resilience;

import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** Callers, a server and a clock of virtual time; writes down what was sent and what was refused, and when. */
final class Play implements AutoCloseable {

    /** Such as {@code a@0} for a request sent to /a at 0 ms, {@code b!RateLimitExceededException@5} for a caller that failed. */
    final List<String> events = new ArrayList<>();

    final List<Throwable> failures = new ArrayList<>();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
    private Function<Request, Mono<Response>> server = request -> Mono.just(answer(request, 200));

    static Response answer(Request request, int status, String... headers) {
        return Response.of(request, status, Headers.of(headers), new byte[0]);
    }

    Play serving(Function<Request, Mono<Response>> server) {
        this.server = server;
        return this;
    }

    Play answering(int status, String... headers) {
        return serving(request -> Mono.just(answer(request, status, headers)));
    }

    Exchange server() {
        return request -> Mono.defer(() -> {
            events.add(request.uri().getPath().substring(1) + "@" + now());
            return server.apply(request);
        });
    }

    Disposable call(Interceptor admission, String name) {
        return call(admission, name, Context.empty());
    }

    Disposable call(Interceptor admission, String name, Context context) {
        return call(admission, name, "http://api.test", context);
    }

    Disposable call(Interceptor admission, String name, String origin, Context context) {
        return admission
                .around(server())
                .exchange(Request.get(origin + "/" + name))
                .contextWrite(context)
                .subscribe(response -> {}, failure -> {
                    failures.add(failure);
                    events.add(name + "!" + failure.getClass().getSimpleName() + "@" + now());
                });
    }

    void calls(Interceptor admission, String... names) {
        for (String name : names) {
            call(admission, name);
        }
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        VirtualTimeScheduler.reset();
    }
}
