package dev.headrace.benchmarks;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Hook;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import dev.headrace.observe.Counters;
import dev.headrace.observe.WireLog;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** This library's calls, with defaults, with more than those, and without any of its chain. */
final class HeadraceCalls {

    private static final int LONGEST_BODY = 1024;

    private HeadraceCalls() {}

    /** As the README shows it: the answer as a whole. */
    static Contestant.Preparation byDefault(int inFlight) {
        return (url, knobs) -> {
            Connector connector = Connector.builder(url).build();
            Request request = Request.get(Requests.PATH);
            return Contestant.flux(
                    () -> Flux.range(0, knobs.items()).flatMap(i -> connector.exchange(request), inFlight),
                    response -> response.bytes().length);
        };
    }

    /** Defaults and what is added to them; the answer is read as {@link #transport} reads it. */
    static Contestant.Preparation with(int inFlight, UnaryOperator<Connector.Builder> more) {
        return (url, knobs) -> {
            Connector connector = more.apply(Connector.builder(url)).build();
            Request request = Request.get(Requests.PATH);
            return calling(() -> connector.exchange(request, HeadraceCalls::body), inFlight, knobs);
        };
    }

    /** What the chain ends at. */
    static Contestant.Preparation transport(int inFlight) {
        return (url, knobs) -> {
            Exchange transport = Transport.over(TransportSettings.defaults());
            Request request = Request.get(url + Requests.PATH);
            return calling(() -> transport.exchange(request, HeadraceCalls::body), inFlight, knobs);
        };
    }

    private static Contestant.Pass calling(Supplier<Flux<byte[]>> call, int inFlight, Knobs knobs) {
        return Contestant.flux(
                () -> Flux.range(0, knobs.items()).flatMap(i -> call.get(), inFlight), body -> body.length);
    }

    private static Publisher<byte[]> body(Response response) {
        return response.readAll(LONGEST_BODY);
    }

    static Connector.Builder defaults(Connector.Builder builder) {
        return builder;
    }

    static Connector.Builder auth(Connector.Builder builder) {
        return builder.auth(Auth.bearer(Secret.of("token")));
    }

    static Connector.Builder retry(Connector.Builder builder) {
        return builder.retry(RetryPolicy.defaults());
    }

    static Connector.Builder noRetry(Connector.Builder builder) {
        return builder.retry(RetryPolicy.never());
    }

    static Connector.Builder rateLimit(Connector.Builder builder) {
        return builder.rateLimit(RateLimitPolicy.perSecond(1_000_000));
    }

    static Connector.Builder circuitBreaker(Connector.Builder builder) {
        return builder.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, Duration.ofMinutes(1)));
    }

    static Connector.Builder bulkhead(Connector.Builder builder) {
        return builder.bulkhead(BulkheadPolicy.maxConcurrent(1_000));
    }

    static Connector.Builder errorRules(Connector.Builder builder) {
        return builder.errors(ErrorRules.github());
    }

    static Connector.Builder cookies(Connector.Builder builder) {
        return builder.cookies();
    }

    static Connector.Builder listener(Connector.Builder builder) {
        return builder.listener(new Counters());
    }

    static Connector.Builder interceptor(Connector.Builder builder) {
        return builder.interceptor((request, next) -> next.exchange(request));
    }

    static Connector.Builder hook(Connector.Builder builder) {
        return builder.hook(Hook.before("nothing", Mono::just));
    }

    /** Where nobody listens, as in production: the level of its logger is not debug. */
    static Connector.Builder wireLog(Connector.Builder builder) {
        return builder.wireLog(WireLog.debug());
    }
}
