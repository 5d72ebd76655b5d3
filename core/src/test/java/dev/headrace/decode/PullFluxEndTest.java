package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** How a stream ends: in errors, in cancellation, and what is left of its memory then. */
class PullFluxEndTest {

    private final TestPublisher<ByteBuffer> chunks = TestPublisher.create();
    private final AtomicReference<@Nullable ByteWindow> window = new AtomicReference<>();

    @Test
    void deliversTheItemsThatCameBeforeAnError() {
        StepVerifier.create(items(), 1)
                .then(() -> chunks.next(Utf8.buffer("abc")).error(new IllegalStateException("broken")))
                .expectNext('a')
                .thenRequest(1)
                .expectNext('b')
                .thenRequest(2)
                .expectNext('c')
                .verifyErrorMessage("broken");
        assertReleased();
    }

    @Test
    void errorsAtOnceWhenNoItemIsWaiting() {
        StepVerifier.create(items(), 0)
                .then(() -> chunks.error(new IllegalStateException("broken")))
                .verifyErrorMessage("broken");
    }

    @Test
    void doesNotAskForTheEndAfterAnError() {
        Flux<Character> items = Decoder.parse(chunks, () -> new Characters() {
            @Override
            public Character end(ByteWindow bytes) {
                throw new AssertionError("asked");
            }
        });

        StepVerifier.create(items)
                .then(() -> chunks.error(new IllegalStateException("broken")))
                .verifyErrorMessage("broken");
    }

    @Test
    void cancelsTheSourceWhenTheParserThrows() {
        Flux<Character> items = Decoder.parse(chunks, () -> bytes -> {
            throw new IllegalStateException("unreadable");
        });

        StepVerifier.create(items).then(() -> chunks.next(Utf8.buffer("a"))).verifyErrorMessage("unreadable");
        chunks.assertCancelled();
    }

    @Test
    void errorsWhenTheParserThrowsAtTheEnd() {
        Flux<Character> items = Decoder.parse(Flux.just(Utf8.buffer("a")), () -> new Characters() {
            @Override
            public Character end(ByteWindow bytes) {
                throw new IllegalStateException("cut short");
            }
        });

        StepVerifier.create(items).expectNext('a').verifyErrorMessage("cut short");
    }

    @Test
    void errorsOnceWhenTheParserFailsAndTheSourceGoesOn() {
        TestPublisher<ByteBuffer> rude = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        List<String> signals = new ArrayList<>();
        Flux<Character> items = Decoder.parse(rude, () -> bytes -> {
            throw new IllegalStateException("unreadable");
        });

        items.subscribe(item -> signals.add("item"), error -> signals.add("error"), () -> signals.add("complete"));
        rude.next(Utf8.buffer("a")).next(Utf8.buffer("b")).complete();

        assertThat(signals).containsExactly("error");
    }

    @Test
    void errorsWhenThereIsNoParser() {
        StepVerifier.create(Decoder.parse(chunks, () -> {
                    throw new IllegalStateException("no parser");
                }))
                .verifyErrorMessage("no parser");
        chunks.assertWasNotSubscribed();
    }

    @Test
    void refusesARequestForNothing() {
        List<Throwable> errors = new ArrayList<>();
        items().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(0);
            }

            @Override
            protected void hookOnError(Throwable error) {
                errors.add(error);
            }
        });

        assertThat(errors).hasSize(1).first().isInstanceOf(IllegalArgumentException.class);
        assertThat(errors.get(0)).hasMessageContaining("3.9");
        chunks.assertCancelled();
    }

    @Test
    void emitsNothingAfterItWasCancelledFromWithinOnNext() {
        List<Character> received = new ArrayList<>();
        items().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Character item) {
                received.add(item);
                cancel();
            }
        });

        chunks.next(Utf8.buffer("abc"));

        assertThat(received).containsExactly('a');
        chunks.assertCancelled();
        assertReleased();
    }

    @Test
    void releasesItsBytesWhenCancelledWithItemsWaiting() {
        StepVerifier.create(items(), 1)
                .then(() -> chunks.next(Utf8.buffer("abc")))
                .expectNext('a')
                .thenCancel()
                .verify();

        assertReleased();
        chunks.assertCancelled();
    }

    @Test
    void releasesItsBytesOnceTheParserIsDoneWhenAnotherThreadCancels() throws InterruptedException {
        CountDownLatch parsing = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger lengthWhileParsing = new AtomicInteger();
        BaseSubscriber<Character> reader = new BaseSubscriber<>() {};
        Decoder.parse(chunks, () -> (PullParser<Character>) bytes -> {
                    window.set(bytes);
                    parsing.countDown();
                    await(cancelled);
                    lengthWhileParsing.set(bytes.length());
                    return 'a';
                })
                .subscribe(reader);

        Schedulers.boundedElastic().schedule(() -> {
            chunks.next(Utf8.buffer("abc"));
            done.countDown();
        });
        await(parsing);
        reader.cancel();
        cancelled.countDown();
        await(done);

        assertThat(lengthWhileParsing).as("bytes still there").hasValue(3);
        assertReleased();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void releasesItsArrayWhenDrained() {
        StepVerifier.create(items(), 2)
                .then(() -> chunks.next(Utf8.buffer("ab")))
                .expectNext('a', 'b')
                .then(this::assertReleased)
                .thenCancel()
                .verify();
    }

    @Test
    void releasesItsBytesOnCompletion() {
        Flux<Character> items = Decoder.parse(chunks, () -> bytes -> {
            window.set(bytes);
            return null; // never uses anything up
        });

        StepVerifier.create(items)
                .then(() -> chunks.next(Utf8.buffer("abc")).complete())
                .verifyComplete();
        assertReleased();
    }

    @Test
    void leavesTheRightNumberOfReferencesToTheTransportsBuffers() {
        List<ByteBuf> buffers = new ArrayList<>();
        Flux<ByteBuf> transport = Flux.just("ab", "cd", "ef")
                .concatMap(text -> Flux.using(
                        () -> {
                            ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
                            buffers.add(buffer);
                            return buffer;
                        },
                        Flux::just,
                        ByteBuf::release));

        StepVerifier.create(PullFlux.<ByteBuf, Character>of(transport, ByteWindow::append, Characters::new), 3)
                .expectNext('a', 'b', 'c')
                .thenCancel()
                .verify();

        assertThat(buffers)
                .isNotEmpty()
                .allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    private Flux<Character> items() {
        return Decoder.parse(chunks, () -> new Characters() {
            @Override
            public @Nullable Character next(ByteWindow bytes) {
                window.set(bytes);
                return super.next(bytes);
            }
        });
    }

    private void assertReleased() {
        ByteWindow held = window.get();
        assertThat(held).isNotNull();
        assertThat(held.array()).isEmpty();
        assertThat(held.length()).isZero();
    }
}
