package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** ARCHITECTURE §2: rules look into a body that its reader still gets whole. */
class PeekTest {

    private static final Request REQUEST = Request.get("http://h/x");
    private static final String TEXT = "0123456789";
    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;

    private final TestPublisher<ByteBuf> wire = TestPublisher.create();
    private final List<ByteBuf> chunks = new ArrayList<>();

    /** In chunks of one size, the last may be shorter. */
    @ParameterizedTest
    @CsvSource({
        "1, 4, 0123, false", "3, 4, 0123, false", "4, 4, 0123, false", "10, 4, 0123, false",
        "1, 10, 0123456789, false", "3, 11, 0123456789, true", "10, 11, 0123456789, true", "10, 1, 0, false"
    })
    void showsTheFirstBytesAndLeavesTheBodyAsItWas(int size, int limit, String head, boolean whole) {
        Response cut = response(
                403,
                Flux.range(0, (TEXT.length() + size - 1) / size)
                        .map(i -> TEXT.substring(i * size, Math.min(TEXT.length(), (i + 1) * size)))
                        .map(part -> Unpooled.copiedBuffer(part, UTF_8)));

        StepVerifier.create(cut.peek(limit).flatMap(peeked -> {
                    assertThat(new String(peeked.head(), UTF_8)).isEqualTo(head);
                    assertThat(peeked.isWhole()).isEqualTo(whole);
                    assertThat(peeked.response().status()).isEqualTo(403);
                    return peeked.response().readAll(100);
                }))
                .assertNext(body -> assertThat(new String(body, UTF_8)).isEqualTo(TEXT))
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 10, 100})
    void letsADocumentsHeadBeReadAfterwards(int head) {
        Request asking = REQUEST.options(o -> o.documentHead(head));
        Exchange peeking = request -> response(
                        200,
                        Flux.fromStream(
                                TEXT.chars().mapToObj(c -> Unpooled.copiedBuffer(Character.toString(c), UTF_8))))
                .peek(4)
                .map(Peeked::response);

        StepVerifier.create(Interceptor.documentHead()
                        .around(peeking)
                        .exchange(asking)
                        .flatMap(response -> response.readAll(100)))
                .assertNext(body -> assertThat(new String(body, UTF_8)).isEqualTo(TEXT))
                .verifyComplete();
    }

    /** A length that the body does not keep to costs nothing of it. */
    @ParameterizedTest
    @ValueSource(strings = {"3", "10", "1000", "0", "-1", "99999999999", "x"})
    void losesNothingWhateverTheLengthSays(String length) {
        Response cut = new Response(
                REQUEST,
                200,
                Headers.of("Content-Length", length),
                Flux.just("0123", "4567", "89").map(part -> Unpooled.copiedBuffer(part, UTF_8)),
                () -> {},
                BodyEnding.past(),
                null);

        StepVerifier.create(cut.peek(6).flatMap(peeked -> {
                    assertThat(new String(peeked.head(), UTF_8)).isEqualTo("012345");
                    assertThat(peeked.isWhole()).isFalse();
                    return peeked.response().readAll(100);
                }))
                .assertNext(body -> assertThat(new String(body, UTF_8)).isEqualTo(TEXT))
                .verifyComplete();
    }

    @Test
    void givesTheBodyUpWhenCancelledBeforeItIsAskedFor() {
        List<String> givenUp = new ArrayList<>();
        Response response = new Response(
                REQUEST, 200, Headers.none(), wire.flux(), () -> givenUp.add("yes"), BodyEnding.past(), null);

        StepVerifier.create(response.peek(4), 0).thenCancel().verify();

        wire.assertWasNotSubscribed();
        assertThat(givenUp).containsExactly("yes");
    }

    @Test
    void looksIntoAnEmptyBody() {
        StepVerifier.create(
                        Response.of(REQUEST, 204, Headers.none(), new byte[0]).peek(10))
                .assertNext(peeked -> {
                    assertThat(peeked.head()).isEmpty();
                    assertThat(peeked.isWhole()).isTrue();
                })
                .verifyComplete();
    }

    @Test
    void looksAgainIntoWhatWasLookedInto() {
        StepVerifier.create(Response.of(REQUEST, 200, Headers.none(), TEXT.getBytes(UTF_8))
                        .peek(3)
                        .flatMap(first -> first.response().peek(5))
                        .map(second -> new String(second.head(), UTF_8)))
                .expectNext("01234")
                .verifyComplete();
    }

    @Test
    void failsWhenTheBodyBreaksBefore() {
        StepVerifier.create(response(200, wire.flux()).peek(4))
                .then(() -> send("abc"))
                .then(() -> wire.error(new IOException("reset")))
                .verifyErrorMessage("reset");
        assertAllReleased();
    }

    @Test
    void releasesEverythingWhenCancelledWhileItLooks() {
        StepVerifier.create(response(200, wire.flux()).peek(4))
                .then(() -> send("abc"))
                .thenCancel()
                .verify();

        wire.assertCancelled();
        assertAllReleased();
    }

    @Test
    void releasesEverythingWhenTheBodyIsGivenUpAfterwards() {
        List<Peeked> peeked = new ArrayList<>();
        Disposable looking = response(200, wire.flux()).peek(4).subscribe(peeked::add);
        send("abcdef");

        peeked.get(0).response().abort();

        assertThat(looking.isDisposed()).isTrue();
        wire.assertCancelled();
        assertAllReleased();
    }

    @Test
    void losesNoBufferWhenCancelledAtTheVeryMoment() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            TestPublisher<ByteBuf> source = TestPublisher.create();
            ByteBuf chunk = Unpooled.copiedBuffer(TEXT, UTF_8);
            CountDownLatch sent = new CountDownLatch(1);
            ExchangeScope scope = new ExchangeScope();
            Disposable looking = response(200, source.flux())
                    .peek(4)
                    .contextWrite(scope::enter)
                    .subscribe();

            Schedulers.parallel().schedule(() -> {
                source.next(chunk);
                chunk.release();
                sent.countDown();
            });
            looking.dispose();
            sent.await();
            scope.close();

            assertThat(chunk.refCnt()).as("round " + round).isZero();
        }
    }

    @Test
    void refusesToLookAtNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response(200, Flux.empty()).peek(0))
                .withMessageContaining("limit");
    }

    private static Response response(int status, Flux<ByteBuf> body) {
        return new Response(REQUEST, status, Headers.none(), body, () -> {}, BodyEnding.past(), null);
    }

    private void send(String text) {
        ByteBuf chunk = Unpooled.copiedBuffer(text, UTF_8);
        chunks.add(chunk);
        wire.next(chunk);
        chunk.release();
    }

    private void assertAllReleased() {
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.refCnt()).isZero());
    }
}
