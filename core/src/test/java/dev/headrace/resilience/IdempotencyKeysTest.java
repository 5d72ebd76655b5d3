package dev.headrace.resilience;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Row L90: keys that make it harmless to send a request again. */
class IdempotencyKeysTest {

    private static final Request POST = Request.post("http://api.test/orders").json(List.of(1));

    @Test
    void makesAPostRetriableWithTheSameKeyForAllAttempts() {
        Answers server = Answers.ofStatus(503, 503, 200);
        Exchange exchange = IdempotencyKeys.random()
                .around(RetryPolicy.defaults().asInterceptor().around(server));

        StepVerifier.withVirtualTime(() -> exchange.exchange(POST))
                .thenAwait(ofSeconds(5))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(3);
        assertThat(keys(server)).hasSize(1);
        assertThat(UUID.fromString(keys(server).get(0)).version()).isEqualTo(4);
    }

    @Test
    void givesEveryCallItsOwn() {
        Answers server = Answers.ofStatus(200);
        Mono<?> call = IdempotencyKeys.random().around(server).exchange(POST);

        Flux.range(0, 1_000)
                .flatMap(i -> call.subscribeOn(Schedulers.parallel()), 8)
                .blockLast(ofSeconds(30));

        assertThat(keys(server)).hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({"POST, true", "PATCH, true", "GET, false", "PUT, false", "DELETE, false"})
    void concernsMethodsThatWouldDoTheirWorkTwice(String method, boolean keyed) {
        for (Interceptor keys : List.of(IdempotencyKeys.random(), IdempotencyKeys.ofContent())) {
            assertThat(sent(keys, Request.of(method, "http://api.test/orders"))
                            .headers()
                            .contains("Idempotency-Key"))
                    .isEqualTo(keyed);
        }
    }

    @Test
    void keepsAKeyThatIsThere() {
        assertThat(sent(IdempotencyKeys.random(), POST.header("Idempotency-Key", "mine"))
                        .headers()
                        .all("Idempotency-Key"))
                .containsExactly("mine");
    }

    @Test
    void leavesABodyThatCanBeReadOnceAlone() {
        Request upload = Request.post("http://api.test/file")
                .body(Body.stream(Flux.just(ByteBuffer.allocate(1)), "application/octet-stream"));

        assertThat(sent(IdempotencyKeys.ofContent(), upload).headers().contains("Idempotency-Key"))
                .isFalse();
    }

    @Test
    void isTheSameForTheSameContent() {
        String key = contentKey(POST);

        assertThat(key).matches("[0-9a-f]{64}").isEqualTo(contentKey(POST.header("X-Trace", "1")));
        assertThat(key)
                .isNotEqualTo(contentKey(POST.json(List.of(2))))
                .isNotEqualTo(contentKey(POST.withMethod("PATCH")))
                .isNotEqualTo(contentKey(POST.query("a", 1)));
    }

    private static String contentKey(Request request) {
        return sent(IdempotencyKeys.ofContent(), request)
                .headers()
                .first("Idempotency-Key")
                .orElseThrow();
    }

    private static Request sent(Interceptor keys, Request request) {
        Answers server = Answers.ofStatus(200);
        keys.around(server).exchange(request).block();
        return server.asked().get(0);
    }

    private static List<String> keys(Answers server) {
        return server.asked().stream()
                .map(request -> request.headers().first("Idempotency-Key").orElseThrow())
                .distinct()
                .toList();
    }
}
