package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.resilience.RetryPolicy;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** {@code ExchangeListener}: listeners see every call and attempt, in order, and change nothing. */
class ExchangeListenersTest {

    private static final Request GET = Request.get("http://api.test/users/{id}", 7);

    private final Recorder recorder = new Recorder();
    private final ExchangeListeners listeners = ExchangeListeners.of(List.of(recorder));

    @Test
    void tellsOfASuccess() {
        StepVerifier.create(calls(request -> Mono.just(connected(request, 200)))
                        .exchange(GET)
                        .flatMap(response -> response.readAll(100)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(recorder.events)
                .containsExactly(
                        "call started 1", "attempt started 1", "head 200 1", "attempt READ 200 4", "call READ 200 4");
    }

    @Test
    void tellsOfEachAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        Exchange server = request -> attempts.incrementAndGet() < 3
                ? Mono.just(connected(request, 503))
                : Mono.just(connected(request, 200));

        StepVerifier.withVirtualTime(() -> listeners
                        .perCall()
                        .around(RetryPolicy.defaults()
                                .jitter(0)
                                .asInterceptor()
                                .around(listeners.perAttempt().around(server)))
                        .exchange(GET)
                        .flatMap(response -> response.readAll(100)))
                .thenAwait(Duration.ofSeconds(10))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(recorder.events.stream().filter(event -> event.startsWith("attempt started")))
                .hasSize(3);
        assertThat(recorder.events.stream().filter(event -> event.startsWith("attempt READ")))
                .hasSize(3);
        assertThat(recorder.events).startsWith("call started 1").endsWith("call READ 200 4");
    }

    @Test
    void tellsOfAFailureWithoutAResponse() {
        IllegalStateException failure = new IllegalStateException("broken");

        StepVerifier.create(calls(request -> Mono.error(failure)).exchange(GET)).verifyErrorMessage("broken");

        assertThat(recorder.events)
                .containsExactly("call started 1", "attempt started 1", "attempt FAILED 0 0", "call FAILED 0 0");
        assertThat(recorder.ends).allSatisfy(end -> assertThat(end.failure()).isSameAs(failure));
    }

    @Test
    void tellsOfACancelBeforeTheHead() {
        StepVerifier.create(calls(request -> Mono.never()).exchange(GET))
                .thenCancel()
                .verify();

        assertThat(recorder.events)
                .containsExactly("call started 1", "attempt started 1", "call CANCELLED 0 0", "attempt CANCELLED 0 0");
    }

    @Test
    void tellsOfABodyThatNobodyWantsMoreOf() {
        StepVerifier.create(
                        calls(request -> Mono.just(connected(request, 200)))
                                .exchange(GET)
                                .flatMapMany(Response::body),
                        1)
                .expectNextCount(1)
                .thenCancel()
                .verify();

        assertThat(recorder.events)
                .containsExactly(
                        "call started 1",
                        "attempt started 1",
                        "head 200 1",
                        "attempt GIVEN_UP 200 2",
                        "call GIVEN_UP 200 2");
    }

    @Test
    void tellsOfABodyThatBreaks() {
        StepVerifier.create(calls(request -> Mono.just(broken(request)))
                        .exchange(GET)
                        .flatMapMany(Response::bytes))
                .expectNextCount(1)
                .verifyErrorMessage("cut");

        assertThat(recorder.events).endsWith("attempt FAILED 200 2", "call FAILED 200 2");
        assertThat(recorder.ends).allSatisfy(end -> assertThat(end.failure()).hasMessage("cut"));
    }

    @Test
    void measuresByTheClockOfTheScheduler() {
        StepVerifier.withVirtualTime(() -> calls(
                                request -> Mono.delay(Duration.ofSeconds(3)).map(tick -> connected(request, 200)))
                        .exchange(GET)
                        .delayElement(Duration.ofSeconds(2))
                        .flatMap(response -> response.readAll(100)))
                .thenAwait(Duration.ofSeconds(5))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(recorder.latencies).containsExactly(Duration.ofSeconds(3));
        assertThat(recorder.ends).allSatisfy(end -> assertThat(end.duration()).isEqualTo(Duration.ofSeconds(5)));
    }

    @Test
    void doesNothingBeforeSubscriptionAndEverythingTwiceForTwo() {
        Mono<Response> call =
                calls(request -> Mono.just(connected(request, 200))).exchange(GET);
        assertThat(recorder.events).isEmpty();

        for (int i = 0; i < 2; i++) {
            StepVerifier.create(call.flatMap(Response::discard)).verifyComplete();
        }

        assertThat(recorder.ends).hasSize(4);
    }

    @Test
    void goesOnWhenAListenerThrows() {
        ExchangeListener rude = new ExchangeListener() {
            @Override
            public void callStarted(Request request) {
                throw new IllegalStateException("rude");
            }

            @Override
            public void attemptEnded(Request request, ExchangeEnd end) {
                throw new AssertionError("rude");
            }
        };
        ExchangeListeners both = ExchangeListeners.of(List.of(rude, recorder));

        StepVerifier.create(both.perCall()
                        .around(both.perAttempt().around(request -> Mono.just(connected(request, 200))))
                        .exchange(GET)
                        .flatMap(response -> response.readAll(100)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(recorder.events).hasSize(5);
    }

    @Test
    void endsOnceWhenTheHeadAndTheCancelRace() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        for (int round = 0; round < rounds; round++) {
            Recorder seen = new Recorder();
            ExchangeListeners watched = ExchangeListeners.of(List.of(seen));
            Sinks.One<Response> head = Sinks.one();
            Response response = connected(GET, 200);
            Disposable subscription = watched.perCall()
                    .around(request -> head.asMono())
                    .exchange(GET)
                    .subscribe();

            CompletableFuture<?> emission = CompletableFuture.runAsync(() -> head.tryEmitValue(response));
            subscription.dispose();
            emission.join();
            // Whoever made the response gives up what nobody has read, as the scope of an exchange does.
            response.abort();

            assertThat(seen.events).hasSize(2).startsWith("call started 1");
            assertThat(seen.ends).hasSize(1);
        }
    }

    private Exchange calls(Exchange server) {
        return listeners.perCall().around(listeners.perAttempt().around(server));
    }

    /** A response of two chunks with a connection behind it. */
    static Response connected(Request request, int status) {
        return connected(request, status, Headers.none(), Flux.just("ab", "cd"));
    }

    private static Response broken(Request request) {
        return connected(
                request, 200, Headers.none(), Flux.just("ab").concatWith(Mono.error(new IllegalStateException("cut"))));
    }

    private static Response connected(Request request, int status, Headers headers, Flux<String> body) {
        BodyEnding ending = BodyEnding.open();
        ResponseBody content = new ResponseBody(
                body.map(text -> Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8))),
                Duration.ZERO,
                BodyOwner.telling(ending::ended),
                Schedulers.parallel(),
                Runnable::run);
        return new Response(request, status, headers, content, content::abort, ending, null);
    }

    private static final class Recorder implements ExchangeListener {

        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<ExchangeEnd> ends = new CopyOnWriteArrayList<>();
        private final List<Duration> latencies = new ArrayList<>();

        @Override
        public void callStarted(Request request) {
            events.add("call started " + request.attempt());
        }

        @Override
        public void callEnded(Request request, ExchangeEnd end) {
            ends.add(end);
            events.add("call " + end.how() + " " + end.status() + " " + end.bytes());
        }

        @Override
        public void attemptStarted(Request request) {
            events.add("attempt started " + request.attempt());
        }

        @Override
        public void headReceived(Request request, int status, Headers headers, Duration latency) {
            latencies.add(latency);
            events.add("head " + status + " " + request.attempt());
        }

        @Override
        public void attemptEnded(Request request, ExchangeEnd end) {
            ends.add(end);
            events.add("attempt " + end.how() + " " + end.status() + " " + end.bytes());
        }
    }
}
