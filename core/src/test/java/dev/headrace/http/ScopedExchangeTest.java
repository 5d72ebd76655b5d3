package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.decode.Decoder;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ScopedExchangeTest {

    private final AtomicReference<Subscription> reading = new AtomicReference<>();
    private final AtomicBoolean givenUp = new AtomicBoolean();

    /** As a body does: once given up, it cannot be read. */
    private final Flux<ByteBuf> body = Flux.defer(() -> givenUp.get()
            ? Flux.error(new IllegalStateException("A response body can be read only once"))
            : Flux.never());

    private final Exchange exchange = request -> Mono.deferContextual(context -> {
        Response response =
                new Response(request, 200, Headers.none(), body, () -> givenUp.set(true), BodyEnding.past(), null);
        ExchangeScope.track(context, response);
        return Mono.just(response);
    });

    @Test
    void cancelledBetweenHeadAndBodyDropsNoError() {
        Flux<Object> elements = exchange.exchange(Request.get("http://h/x"), response -> {
            Objects.requireNonNull(reading.get()).cancel();
            return Decoder.lines().decode(response);
        });

        StepVerifier.create(elements.doOnSubscribe(reading::set), 0)
                .thenRequest(1)
                .thenCancel()
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
        assertThat(givenUp).isTrue();
    }

    @Test
    void givesUpAResponseWhoseBodyNobodyHasReadWhenCancelled() {
        Flux<Object> elements = exchange.exchange(Request.get("http://h/x"), response -> Mono.never());

        elements.subscribe(element -> {}, error -> {}, () -> {}).dispose();

        assertThat(givenUp).isTrue();
    }
}
