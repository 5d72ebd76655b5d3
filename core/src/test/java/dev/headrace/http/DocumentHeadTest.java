package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** ARCHITECTURE §2, body head: a break within the head is a failed attempt; what lies behind it streams. */
class DocumentHeadTest {

    private static final int LIMIT = 10;
    private static final Request REQUEST = Request.get("http://h/x").options(o -> o.documentHead(LIMIT));
    private final TestPublisher<ByteBuf> wire = TestPublisher.create();
    private final List<ByteBuf> chunks = new ArrayList<>();

    @Test
    void handsASmallDocumentOnWhenItIsComplete() {
        StepVerifier.create(head().flatMapMany(this::text))
                .then(() -> send("abc"))
                .then(() -> send("def"))
                .expectNoEvent(Duration.ofMillis(20))
                .then(wire::complete)
                .expectNext("abc", "def")
                .verifyComplete();
        assertAllReleased();
    }

    @Test
    void failsTheAttemptWhenTheHeadBreaks() {
        StepVerifier.create(head().flatMapMany(this::text))
                .then(() -> send("abc"))
                .then(() -> wire.error(new IOException("reset")))
                .verifyErrorMessage("reset");
        assertAllReleased();
    }

    @Test
    void letsTheRestOfALargeDocumentStreamWithItsDemand() {
        StepVerifier.create(head().flatMapMany(this::text), 1)
                .then(() -> send("0123456789"))
                .expectNext("0123456789")
                .thenRequest(1)
                .then(() -> send("more"))
                .expectNext("more")
                .thenRequest(5)
                .then(wire::complete)
                .verifyComplete();
        assertAllReleased();
    }

    @Test
    void signalsABreakBehindTheHeadAfterTheHead() {
        StepVerifier.create(head().flatMapMany(this::text), 0)
                .then(() -> send("0123456789"))
                .then(() -> wire.error(new IOException("reset")))
                .thenRequest(1)
                .expectNext("0123456789")
                .verifyErrorMessage("reset");
        assertAllReleased();
    }

    @Test
    void releasesTheHeadWhenCancelledWhileItIsRead() {
        StepVerifier.create(head()).then(() -> send("abc")).thenCancel().verify();

        wire.assertCancelled();
        assertAllReleased();
    }

    @Test
    void releasesTheHeadWhenNobodyReadsIt() {
        Response response = captured("0123456789");

        response.abort();

        wire.assertCancelled();
        assertAllReleased();
        StepVerifier.create(response.body()).verifyError(IllegalStateException.class);
    }

    @Test
    void releasesTheHeadWhenTheReaderCancels() {
        Response response = captured("0123456789");

        StepVerifier.create(response.body(), 0).thenCancel().verify();

        wire.assertCancelled();
        assertAllReleased();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 503})
    void passesFailuresOnAsTheyAre(int status) {
        Exchange failing = request -> Mono.just(
                new Response(request, status, Headers.none(), wire.flux(), () -> {}, BodyEnding.past(), null));

        StepVerifier.create(new DocumentHead().intercept(REQUEST, failing))
                .expectNextCount(1)
                .verifyComplete();
        wire.assertWasNotRequested();
    }

    @Test
    void readsNothingWhenTheRequestDoesNotAskForIt() {
        Request plain = REQUEST.options(o -> o.documentHead(0));

        StepVerifier.create(new DocumentHead().intercept(plain, this::respond))
                .expectNextCount(1)
                .verifyComplete();
        wire.assertWasNotRequested();
    }

    /** Where its length says that it fits, all of it is asked for at once. */
    @Test
    void readsADocumentThatFitsWithoutAskingForEachChunk() {
        ResponseBody body =
                new ResponseBody(wire.flux(), Duration.ZERO, BodyOwner.none(), Schedulers.parallel(), Runnable::run);
        Exchange sized = request -> Mono.just(new Response(
                request, 200, Headers.of("Content-Length", "6"), body, body::abort, BodyEnding.past(), null));

        StepVerifier.create(new DocumentHead().intercept(REQUEST, sized).flatMapMany(this::text), 1)
                .then(() -> wire.assertMinRequested(Long.MAX_VALUE))
                .then(() -> send("abc"))
                .then(() -> send("def"))
                .then(wire::complete)
                .expectNext("abc")
                .thenRequest(1)
                .expectNext("def")
                .verifyComplete();
        assertAllReleased();
    }

    private Response captured(String head) {
        List<Response> responses = new ArrayList<>();
        head().subscribe(responses::add);
        send(head);
        return responses.get(0);
    }

    private Mono<Response> head() {
        return new DocumentHead().intercept(REQUEST, this::respond);
    }

    private Mono<Response> respond(Request request) {
        return Mono.just(new Response(request, 200, Headers.none(), wire.flux(), () -> {}, BodyEnding.past(), null));
    }

    private Flux<String> text(Response response) {
        return response.body().map(chunk -> chunk.toString(UTF_8));
    }

    /** As the transport does: the buffer is released once it has been handed over. */
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
