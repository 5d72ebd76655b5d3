package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

class PullFluxDemandTest {

    private final TestPublisher<ByteBuffer> chunks = TestPublisher.create();

    @Test
    void requestsNothingBeforeItIsAsked() {
        StepVerifier.create(items(chunks), 0)
                .expectSubscription()
                .then(() -> chunks.assertWasNotRequested())
                .thenCancel()
                .verify();
    }

    @Test
    void requestsTheNextChunkOnlyWhenTheBytesAreUsedUpAndMoreIsWanted() {
        List<Long> requests = new ArrayList<>();
        Flux<ByteBuffer> source = Flux.just("abc", "de", "f").map(Utf8::buffer).doOnRequest(requests::add);

        StepVerifier.create(items(source), 0)
                .thenRequest(1)
                .expectNext('a')
                .then(() -> assertThat(requests).containsExactly(1L))
                .thenRequest(2)
                .expectNext('b', 'c')
                .then(() -> assertThat(requests).as("three of three taken").containsExactly(1L))
                .thenRequest(1)
                .expectNext('d')
                .then(() -> assertThat(requests).containsExactly(1L, 1L))
                .thenRequest(3)
                .expectNext('e', 'f')
                .verifyComplete();
        assertThat(requests).containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    void passesUnboundedDemandOn() {
        List<Long> requests = new ArrayList<>();
        Flux<ByteBuffer> source = Flux.just("abc", "de", "f").map(Utf8::buffer).doOnRequest(requests::add);

        StepVerifier.create(items(source))
                .expectNext('a', 'b', 'c', 'd', 'e', 'f')
                .verifyComplete();

        assertThat(requests).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void becomesUnboundedWhileAChunkIsHalfRead() {
        List<Long> requests = new ArrayList<>();
        Flux<ByteBuffer> source = Flux.just("abc", "de", "f").map(Utf8::buffer).doOnRequest(requests::add);

        StepVerifier.create(items(source), 1)
                .expectNext('a')
                .thenRequest(Long.MAX_VALUE)
                .expectNext('b', 'c', 'd', 'e', 'f')
                .verifyComplete();

        assertThat(requests).containsExactly(1L, Long.MAX_VALUE);
    }

    @Test
    void becomesUnboundedWhileAChunkIsAwaited() {
        StepVerifier.create(items(chunks), 1)
                .then(() -> chunks.assertMinRequested(1))
                .thenRequest(Long.MAX_VALUE)
                .then(() -> chunks.assertMinRequested(Long.MAX_VALUE))
                .then(() ->
                        chunks.next(Utf8.buffer("ab")).next(Utf8.buffer("c")).complete())
                .expectNext('a', 'b', 'c')
                .verifyComplete();
    }

    @Test
    void addsUpRequestsBeyondWhatALongHolds() {
        StepVerifier.create(items(chunks), Long.MAX_VALUE - 1)
                .thenRequest(Long.MAX_VALUE - 1)
                .then(() -> chunks.next(Utf8.buffer("ab")).complete())
                .expectNext('a', 'b')
                .verifyComplete();
    }

    @Test
    void servesOneByOneRequestsMadeFromWithinOnNext() {
        int length = 100_000;
        AtomicInteger received = new AtomicInteger();
        Flux<ByteBuffer> source = Flux.range(0, length / 100).map(i -> ByteBuffer.allocate(100));

        items(source).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Character item) {
                received.incrementAndGet();
                request(1);
            }
        });

        assertThat(received).hasValue(length);
    }

    @Test
    void servesRequestsOfAnotherThreadWhileChunksComeOnOneOfTheirOwn() {
        int chunkCount = 2_000;
        AtomicLong sum = new AtomicLong();
        Flux<ByteBuffer> source = Flux.range(0, chunkCount)
                .map(i -> ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7}))
                .publishOn(Schedulers.parallel(), 1);

        StepVerifier.create(items(source)
                        .doOnNext(item -> sum.addAndGet(item))
                        .publishOn(Schedulers.single(), 3)
                        .count())
                .expectNext(7L * chunkCount)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        assertThat(sum).hasValue(28L * chunkCount);
    }

    @Test
    void losesNothingWhenChunksComeUnasked() {
        TestPublisher<ByteBuffer> rude = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);

        StepVerifier.create(items(rude), 1)
                .then(() -> rude.next(Utf8.buffer("ab"))
                        .next(Utf8.buffer("cd"))
                        .next(Utf8.buffer("e"))
                        .complete())
                .expectNext('a')
                .thenRequest(10)
                .expectNext('b', 'c', 'd', 'e')
                .verifyComplete();
    }

    @Test
    void losesNothingWhenAChunkComesWhileAnotherThreadDrains() {
        TestPublisher<ByteBuffer> rude = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        AtomicInteger received = new AtomicInteger();

        StepVerifier.create(items(rude).doOnNext(item -> {
                    if (received.getAndIncrement() == 0) {
                        // This thread is draining now, so for the source it is as if another were.
                        ByteBuffer reused = Utf8.buffer("cd");
                        rude.next(reused);
                        reused.put(0, (byte) 'x');
                        rude.next(Utf8.buffer("")).next(Utf8.buffer("e")).complete();
                    }
                }))
                .then(() -> rude.next(Utf8.buffer("ab")))
                .expectNext('a', 'b', 'c', 'd', 'e')
                .verifyComplete();
    }

    @Test
    void asksAgainAfterAnEmptyChunk() {
        Flux<ByteBuffer> source = Flux.just("", "", "a", "", "b", "").map(Utf8::buffer);

        StepVerifier.create(items(source), 1)
                .expectNext('a')
                .thenRequest(1)
                .expectNext('b')
                .thenRequest(1)
                .verifyComplete();
    }

    @Test
    void leavesTheChunksPositionAlone() {
        ByteBuffer chunk = Utf8.buffer("abcd").position(1).limit(3);

        StepVerifier.create(items(Flux.just(chunk))).expectNext('b', 'c').verifyComplete();

        assertThat(chunk.position()).isEqualTo(1);
    }

    @Test
    void asksForTheLastItemsUnderDemandOnly() {
        AtomicInteger asked = new AtomicInteger();
        Flux<Character> items = Decoder.parse(Flux.just(Utf8.buffer("a")), () -> new Characters() {
            @Override
            public @Nullable Character end(ByteWindow bytes) {
                return asked.getAndIncrement() < 2 ? '.' : null;
            }
        });

        StepVerifier.create(items, 1)
                .expectNext('a')
                .then(() -> assertThat(asked).hasValue(0))
                .thenRequest(1)
                .expectNext('.')
                .then(() -> assertThat(asked).hasValue(1))
                .thenRequest(1)
                .expectNext('.')
                .thenRequest(1)
                .verifyComplete();
    }

    @Test
    void givesEachSubscriberAParserOfItsOwn() {
        Flux<Character> items = items(Flux.just("ab", "c").map(Utf8::buffer));

        StepVerifier.create(items, 1).expectNext('a').thenCancel().verify();
        StepVerifier.create(items).expectNext('a', 'b', 'c').verifyComplete();
    }

    @Test
    void passesTheContextUpstream() {
        Flux<ByteBuffer> source = Flux.deferContextual(context -> Flux.just(Utf8.buffer(context.get("key"))));

        StepVerifier.create(items(source).contextWrite(Context.of("key", "v")))
                .expectNext('v')
                .verifyComplete();
    }

    @Test
    @SuppressWarnings({"rawtypes", "ReactiveStreamsUnusedPublisher"})
    void canBeScanned() {
        List<Object> seen = new ArrayList<>();
        Flux<Character> items = items(Flux.just(Utf8.buffer("ab")));
        items.subscribe(new CoreSubscriber<Character>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                Scannable scannable = Scannable.from(subscription);
                seen.add(scannable.scanUnsafe(Scannable.Attr.ACTUAL) == this);
                seen.add(scannable.scan(Scannable.Attr.PARENT) != null);
                subscription.request(1);
                seen.add(scannable.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM));
                seen.add(scannable.scan(Scannable.Attr.TERMINATED));
                subscription.cancel();
                seen.add(scannable.scan(Scannable.Attr.CANCELLED));
            }

            @Override
            public void onNext(Character item) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });

        assertThat(seen).containsExactly(true, true, 0L, false, true);
        assertThat(Scannable.from(items).scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.SYNC);
    }

    private static Flux<Character> items(Publisher<ByteBuffer> chunks) {
        return Decoder.parse(chunks, Characters::new);
    }
}
