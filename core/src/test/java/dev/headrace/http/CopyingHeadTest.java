package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows R65 and A56: a log copies what its reader reads, and asks for nothing itself. */
class CopyingHeadTest {

    private static final Request GET = Request.get("http://api.test/x");
    private final List<String> copies = new ArrayList<>();

    @Test
    void handsOverTheWholeBodyWhenItEnds() {
        StepVerifier.create(
                        copying(ExchangeListenersTest.connected(GET, 200), 10).readAll(10))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(copies).containsExactly("abcd READ 4");
    }

    @Test
    void copiesNoMoreThanTheLimitAndCountsOn() {
        StepVerifier.create(
                        copying(ExchangeListenersTest.connected(GET, 200), 3).readAll(10))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(copies).containsExactly("abc READ 4");
    }

    @Test
    void asksForNothingTheReaderDoesNotAskFor() {
        Response response = copying(ExchangeListenersTest.connected(GET, 200), 10);

        StepVerifier.create(response.bytes(), 1).expectNextCount(1).thenCancel().verify();

        assertThat(copies).containsExactly("ab GIVEN_UP 2");
    }

    @Test
    void tellsOfABodyThatNobodyReads() {
        Response response = copying(ExchangeListenersTest.connected(GET, 200), 10);

        response.abort();

        assertThat(copies).containsExactly(" GIVEN_UP 0");
    }

    @Test
    void copiesBodiesWithoutAConnection() {
        byte[] body = "ab".getBytes(StandardCharsets.UTF_8);

        StepVerifier.create(
                        copying(Response.of(GET, 200, Headers.none(), body), 10).readAll(10))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(copies).containsExactly("ab READ 2");
    }

    @Test
    void tellsHowABodyBroke() {
        Response response = Response.of(
                GET,
                200,
                Headers.none(),
                Flux.just(java.nio.ByteBuffer.wrap(new byte[] {'a'}))
                        .concatWith(Mono.error(new IllegalStateException())));

        StepVerifier.create(copying(response, 10).bytes()).expectNextCount(1).verifyError();

        assertThat(copies).containsExactly("a FAILED 1");
    }

    @Test
    void isNotConfusedByASecondReader() {
        Response response = copying(ExchangeListenersTest.connected(GET, 200), 10);

        StepVerifier.create(response.bytes(), 1)
                .expectNextCount(1)
                .then(() -> StepVerifier.create(response.bytes()).verifyError(IllegalStateException.class))
                .thenRequest(5)
                .expectNextCount(1)
                .verifyComplete();

        assertThat(copies).containsExactly("abcd READ 4");
    }

    @Test
    void refusesANegativeLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> copying(Response.of(GET, 200, Headers.none(), new byte[0]), -1));
    }

    private Response copying(Response response, int limit) {
        return response.copyingHead(
                limit,
                (head, end) ->
                        copies.add(new String(head, StandardCharsets.UTF_8) + " " + end.how() + " " + end.bytes()));
    }
}
