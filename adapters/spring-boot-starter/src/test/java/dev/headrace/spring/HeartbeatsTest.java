package dev.headrace.spring;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class HeartbeatsTest {

    private static final Duration SILENCE = ofSeconds(15);

    @Test
    void comeWhileNothingElseDoes() {
        StepVerifier.withVirtualTime(() -> Heartbeats.among(Flux.never(), SILENCE, "beat"))
                .expectSubscription()
                .expectNoEvent(SILENCE)
                .expectNext("beat")
                .expectNoEvent(SILENCE)
                .expectNext("beat")
                .thenCancel()
                .verify();
    }

    @Test
    void waitFromTheLastItem() {
        StepVerifier.withVirtualTime(() -> Heartbeats.among(
                        Mono.delay(ofSeconds(10)).map(tick -> "item").concatWith(Flux.never()), SILENCE, "beat"))
                .expectSubscription()
                .expectNoEvent(ofSeconds(10))
                .expectNext("item")
                .expectNoEvent(SILENCE)
                .expectNext("beat")
                .thenCancel()
                .verify();
    }

    @Test
    void doNotComeBetweenItemsThatFollowSoonEnough() {
        StepVerifier.withVirtualTime(
                        () -> Heartbeats.among(Flux.interval(ofSeconds(10)).take(20), SILENCE, -1L))
                .thenAwait(ofSeconds(1_000))
                .expectNextSequence(Flux.range(0, 20).map(Integer::longValue).toIterable())
                .verifyComplete();
    }

    @Test
    void endWithTheItems() {
        StepVerifier.withVirtualTime(() -> Heartbeats.among(Flux.just("item"), SILENCE, "beat"))
                .expectNext("item")
                .verifyComplete();
        StepVerifier.withVirtualTime(
                        () -> Heartbeats.among(Flux.error(new IllegalStateException("broken")), SILENCE, "beat"))
                .verifyErrorMessage("broken");
    }

    @Test
    void areNotKeptForThoseWhoDoNotAsk() {
        StepVerifier.withVirtualTime(() -> Heartbeats.among(Flux.never(), SILENCE, "beat"), 0)
                .thenAwait(ofSeconds(1_000))
                .thenRequest(Long.MAX_VALUE)
                .expectNext("beat")
                .expectNoEvent(SILENCE)
                .expectNext("beat")
                .thenCancel()
                .verify();
    }

    @Test
    void askForOneItemAheadAtMost() {
        AtomicInteger made = new AtomicInteger();

        StepVerifier.withVirtualTime(() -> Heartbeats.among(Flux.range(1, 100).doOnNext(made::set), SILENCE, -1), 3)
                .expectNext(1, 2, 3)
                .thenAwait(ofSeconds(1_000))
                .then(() -> assertThat(made).hasValueLessThanOrEqualTo(4))
                .thenCancel()
                .verify();
    }

    @Test
    void cancelTheItemsWithThem() {
        TestPublisher<String> items = TestPublisher.create();

        StepVerifier.create(Heartbeats.among(items.flux(), SILENCE, "beat"))
                .then(() -> items.next("item"))
                .expectNext("item")
                .thenCancel()
                .verify();

        items.assertCancelled();
    }
}
