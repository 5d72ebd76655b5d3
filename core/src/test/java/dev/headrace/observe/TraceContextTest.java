package dev.headrace.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Row L93 and ARCHITECTURE rule 12: the caller's trace travels in the Reactor context, and on with every attempt. */
class TraceContextTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Request GET = Request.get("http://api.test/x");

    private final List<Headers> sent = new ArrayList<>();

    @Test
    void passesTheTraceOn() {
        send(GET, Context.of("traceparent", PARENT, "tracestate", "vendor=1,other=2"));

        assertThat(sent).containsExactly(Headers.of("traceparent", PARENT, "tracestate", "vendor=1,other=2"));
    }

    @Test
    void sendsNothingWithoutATrace() {
        send(GET, Context.empty());
        send(GET, Context.of("tracestate", "vendor=1"));
        send(GET, Context.of("traceparent", 17));

        assertThat(sent).containsOnly(Headers.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX: y"
            })
    void neverSendsAMalformedParentNorTheStateThatBelongsToIt(String parent) {
        send(GET, Context.of("traceparent", parent, "tracestate", "vendor=1"));

        assertThat(sent).containsExactly(Headers.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes"
            })
    void passesVersionsToComeOn(String parent) {
        send(GET, Context.of("traceparent", parent));

        assertThat(sent).containsExactly(Headers.of("traceparent", parent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no member", "a=1\r\nX: y", "a=\u00fc"})
    void dropsAMalformedStateAndKeepsTheTrace(String state) {
        send(GET, Context.of("traceparent", PARENT, "tracestate", state));
        send(GET, Context.of("traceparent", PARENT, "tracestate", "a=" + "x".repeat(511)));

        assertThat(sent).containsOnly(Headers.of("traceparent", PARENT));
    }

    @Test
    void leavesTheUsersHeadersAlone() {
        Request own = GET.header("TraceParent", "mine").header("Baggage", "b=mine");

        send(own, Context.of("traceparent", PARENT, "tracestate", "a=1", "baggage", "b=1"), true);

        assertThat(sent).containsExactly(own.headers());
    }

    @Test
    void sendsBaggageOnlyWhenAskedTo() {
        Context context = Context.of("baggage", "tenant=7");

        send(GET, context, false);
        send(GET, context, true);

        assertThat(sent).containsExactly(Headers.none(), Headers.of("baggage", "tenant=7"));
    }

    @Test
    void keepsTheContextWhenARetryHopsToAnotherThread() {
        Exchange server = request -> {
            sent.add(request.headers());
            return Mono.just(Response.of(request, sent.size() < 3 ? 503 : 200, Headers.none(), new byte[0]));
        };

        StepVerifier.withVirtualTime(() -> RetryPolicy.defaults()
                        .asInterceptor()
                        .around(TraceContext.fromContext().around(server))
                        .exchange(GET)
                        .contextWrite(Context.of("traceparent", PARENT)))
                .thenAwait(Duration.ofSeconds(10))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent).hasSize(3).containsOnly(Headers.of("traceparent", PARENT));
    }

    private void send(Request request, Context context) {
        send(request, context, false);
    }

    private void send(Request request, Context context, boolean baggage) {
        TraceContext trace = TraceContext.fromContext();
        StepVerifier.create((baggage ? trace.withBaggage() : trace)
                        .around(asked -> {
                            sent.add(asked.headers());
                            return Mono.just(Response.of(asked, 200, Headers.none(), new byte[0]));
                        })
                        .exchange(request)
                        .contextWrite(context))
                .expectNextCount(1)
                .verifyComplete();
    }
}
