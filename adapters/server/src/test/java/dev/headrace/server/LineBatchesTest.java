package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.ReactiveStreamsTck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class LineBatchesTest {

    private static byte[] line(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Flux<String> texts(Flux<byte[]> lines) {
        return new LineBatches(lines)
                .map(batch -> new String(batch.bytes(), StandardCharsets.UTF_8) + "/" + batch.lines());
    }

    @Test
    void letsNoLineWait() {
        TestPublisher<byte[]> source = TestPublisher.create();

        StepVerifier.create(texts(source.flux()))
                .then(() -> source.next(line("a")))
                .expectNext("a/1")
                .then(() -> source.next(line("b")))
                .expectNext("b/1")
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void joinsWhatCameMeanwhile() {
        TestPublisher<byte[]> source = TestPublisher.create();

        StepVerifier.create(texts(source.flux()), 1)
                .then(() -> source.next(line("a")))
                .expectNext("a/1")
                .then(() -> source.next(line("b"), line("c")))
                .thenRequest(1)
                .expectNext("bc/2")
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void endsABatchThatHasEnough() {
        byte[] half = new byte[LineBatches.ENOUGH / 2];
        TestPublisher<byte[]> source = TestPublisher.create();

        StepVerifier.create(new LineBatches(source.flux()).map(LineBatch::lines), 0)
                .then(() -> source.next(half, half, half))
                .thenRequest(1)
                .expectNext(2)
                .thenRequest(1)
                .expectNext(1)
                .thenCancel()
                .verify();
    }

    @Test
    void asksForFewMoreThanItHasGivenOn() {
        AtomicLong asked = new AtomicLong();
        AtomicLong given = new AtomicLong();
        Flux<byte[]> source = Flux.range(0, 10_000).map(i -> line("x")).doOnRequest(asked::addAndGet);

        StepVerifier.create(new LineBatches(source).doOnNext(batch -> given.addAndGet(batch.lines())), 0)
                .then(() -> assertThat(asked).hasValue(LineBatches.AHEAD))
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(5)
                .expectNextCount(5)
                .then(() -> assertThat(asked.get() - given.get()).isEqualTo(LineBatches.AHEAD))
                .thenCancel()
                .verify();
    }

    @Test
    void saysWhatItHasBeforeItFails() {
        TestPublisher<byte[]> source = TestPublisher.create();

        StepVerifier.create(texts(source.flux()), 0)
                .then(() -> source.next(line("a"), line("b")).error(new IllegalStateException("broken")))
                .thenRequest(1)
                .expectNext("ab/2")
                .verifyErrorMessage("broken");
    }

    @Test
    void cancelsItsSource() {
        TestPublisher<byte[]> source = TestPublisher.create();

        StepVerifier.create(texts(source.flux())).thenCancel().verify();

        source.assertCancelled();
    }

    @Test
    void losesNothingBetweenThreads() {
        List<Integer> lines = new ArrayList<>();
        Flux<byte[]> source = Flux.range(0, 20_000).map(i -> line("x")).publishOn(Schedulers.parallel());

        StepVerifier.create(new LineBatches(source)
                        .publishOn(Schedulers.single(), 1)
                        .doOnNext(batch -> lines.add(batch.lines()))
                        .then())
                .verifyComplete();

        assertThat(lines.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20_000);
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new PublisherVerification<LineBatch>(ReactiveStreamsTck.environment()) {
            @Override
            public Publisher<LineBatch> createPublisher(long elements) {
                // Each line is a batch of its own.
                byte[] enough = new byte[LineBatches.ENOUGH];
                return new LineBatches(
                        Flux.<byte[]>generate(sink -> sink.next(enough)).take(elements));
            }

            @Override
            public Publisher<LineBatch> createFailedPublisher() {
                return new LineBatches(Flux.error(new IllegalStateException("failed")));
            }
        });
    }
}
