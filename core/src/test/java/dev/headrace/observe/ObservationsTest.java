package dev.headrace.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Verdict;
import dev.headrace.resilience.RetryPolicy;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.SenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Row L93, row R52's meters and ARCHITECTURE rule 12: Micrometer observations with bounded tags, each stopped exactly once. */
class ObservationsTest {

    private static final Request GET =
            Request.get("/users/{id}", 7).query("token", "hunter2").against(java.net.URI.create("http://api.test"));

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final Starts handler = new Starts();

    @BeforeEach
    void watchTheRegistry() {
        registry.observationConfig().observationHandler(handler);
    }

    @AfterEach
    void everyObservationIsStoppedOnce() {
        assertThat(handler.stops)
                .allSatisfy((context, stops) -> assertThat(stops).isOne());
        assertThat(handler.stops).hasSize(handler.starts);
    }

    @Test
    void observesACallAndItsAttempt() {
        read(observed(request -> Mono.just(answer(request, 200))));

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsEqualTo(2)
                .hasObservationWithNameEqualTo("headrace.call")
                .that()
                .hasContextualNameEqualTo("GET /users/{id}")
                .hasLowCardinalityKeyValue("method", "GET")
                .hasLowCardinalityKeyValue("template", "/users/{id}")
                .hasLowCardinalityKeyValue("connector", "api")
                .hasLowCardinalityKeyValue("status", "200")
                .hasLowCardinalityKeyValue("outcome", "SUCCESS")
                .hasLowCardinalityKeyValue("exception", "none")
                .hasHighCardinalityKeyValue("uri", "http://api.test/users/7?token=•••")
                .doesNotHaveError()
                .hasBeenStopped();
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("headrace.attempt")
                .that()
                .hasLowCardinalityKeyValue("attempt", "first")
                .hasLowCardinalityKeyValue("status", "200")
                .hasParentObservationContextMatching(parent -> "headrace.call".equals(parent.getName()))
                .hasBeenStopped();
        assertThat(handler.lowCardinality).noneMatch(tag -> tag.getValue().contains("hunter2"));
    }

    @Test
    void observesEachAttemptAsAChildWithHeadersOfItsOwn() {
        List<Headers> sent = new ArrayList<>();
        Exchange server = request -> {
            sent.add(request.headers());
            return Mono.just(answer(request, sent.size() == 1 ? 503 : 200));
        };
        Observations observations = Observations.in(registry);

        StepVerifier.withVirtualTime(() -> observations
                        .perCall()
                        .around(RetryPolicy.defaults()
                                .asInterceptor()
                                .around(observations.perAttempt().around(server)))
                        .exchange(GET.header("traceparent", "the caller's")))
                .thenAwait(Duration.ofSeconds(5))
                .expectNextCount(1)
                .verifyComplete();

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo("headrace.attempt", 2)
                .hasNumberOfObservationsWithNameEqualTo("headrace.call", 1);
        assertThat(sent).containsExactly(Headers.of("traceparent", "span-1"), Headers.of("traceparent", "span-2"));
    }

    @Test
    void tellsOutcomesApart() {
        read(observed(request -> Mono.just(answer(request, 301))));
        read(observed(request -> Mono.just(answer(request, 404))));
        read(observed(request -> Mono.just(answer(request, 503))));
        read(observed(request ->
                Mono.just(answer(request, 200).withVerdict(new Verdict.Fail(FailureKind.PERMANENT, "in disguise")))));
        read(observed(request -> Mono.just(answer(request, 404).withVerdict(new Verdict.Accept()))));
        read(observed(request -> Mono.error(new HeadraceException(FailureKind.LOCAL, "full", null))));

        assertThat(handler.outcomesOf("headrace.call"))
                .containsExactly("REDIRECTION", "CLIENT_ERROR", "SERVER_ERROR", "REJECTED", "SUCCESS", "FAILED")
                .isEqualTo(handler.outcomesOf("headrace.attempt"));
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservationWithAKeyValue("exception", "HeadraceException");
    }

    @Test
    void stopsWhatIsCancelled() {
        StepVerifier.create(observed(request -> Mono.never()).exchange(GET))
                .thenCancel()
                .verify();

        assertThat(handler.outcomesOf("headrace.call")).containsExactly("CANCELLED");
        assertThat(handler.outcomesOf("headrace.attempt")).containsExactly("CANCELLED");
        assertThat(handler.events).containsExactly("cancelled", "cancelled");
    }

    @Test
    void stopsWhatIsThrownInsteadOfSignalled() {
        read(observed(request -> {
            throw new IllegalStateException("thrown");
        }));

        assertThat(handler.outcomesOf("headrace.call")).containsExactly("FAILED");
        assertThat(handler.outcomesOf("headrace.attempt")).containsExactly("FAILED");
    }

    @Test
    void usesBoundedTagsOnly() {
        read(
                observed(request -> Mono.just(answer(request, 200))),
                Request.of("PURGE", java.net.URI.create("http://h/7")));

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("headrace.call")
                .that()
                .hasLowCardinalityKeyValue("method", "OTHER")
                .hasLowCardinalityKeyValue("template", "none");
    }

    @Test
    void isAChildOfWhatTheReactorContextHolds() {
        Observation parent = Observation.start("handling", registry);

        StepVerifier.create(observed(request -> Mono.just(answer(request, 200)))
                        .exchange(GET)
                        .contextWrite(Context.of("micrometer.observation", parent)))
                .expectNextCount(1)
                .verifyComplete();
        parent.stop();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("headrace.call")
                .that()
                .hasParentObservationEqualTo(parent);
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void takesTheRegistryOfTheParentWhenItHasNone() {
        Observation parent = Observation.start("handling", registry);
        Observations observations = Observations.inContext();
        Exchange calls = observations.perCall().around(observations.perAttempt().around(ok()));

        StepVerifier.create(calls.exchange(GET)).expectNextCount(1).verifyComplete();
        StepVerifier.create(calls.exchange(GET).contextWrite(Context.of("micrometer.observation", parent)))
                .expectNextCount(1)
                .verifyComplete();
        parent.stop();

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo("headrace.call", 1)
                .hasNumberOfObservationsWithNameEqualTo("headrace.attempt", 1);
    }

    @Test
    void observesNothingInARegistryThatDoesNot() {
        Observations observations = Observations.in(ObservationRegistry.NOOP);

        read(observations.perCall().around(observations.perAttempt().around(ok())));

        assertThat(handler.starts).isZero();
    }

    @Test
    void goesOnWhenAHandlerThrowsAtTheStart() {
        ObservationRegistry rude = ObservationRegistry.create();
        rude.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStart(Observation.Context context) {
                throw new IllegalStateException("rude");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });

        StepVerifier.create(Observations.in(rude)
                        .perCall()
                        .around(asked -> Mono.just(Response.of(asked, 200, Headers.none(), new byte[0])))
                        .exchange(Request.get("http://h/x"))
                        .map(Response::status))
                .expectNext(200)
                .verifyComplete();
    }

    @Test
    void goesOnWhenAHandlerThrowsAtTheEnd() {
        ObservationRegistry rude = ObservationRegistry.create();
        rude.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                throw new IllegalStateException("rude");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });

        StepVerifier.create(Observations.in(rude).perCall().around(ok()).exchange(GET))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void refusesABlankName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Observations.in(registry).named(" "));
    }

    @Test
    void saysWhatIsMissingWithoutMicrometer() throws Exception {
        Class<?> observations = new WithoutMicrometer().loadClass(Observations.class.getName());

        // A handle: reflection would resolve the signatures of all methods.
        MethodHandle inContext =
                MethodHandles.publicLookup().findStatic(observations, "inContext", MethodType.methodType(observations));

        assertThatThrownBy(inContext::invoke)
                .isInstanceOf(HeadraceException.class)
                .hasMessageContaining("io.micrometer:micrometer-observation");
    }

    private Exchange observed(Exchange server) {
        Observations observations = Observations.in(registry).named("api");
        return observations.perCall().around(observations.perAttempt().around(server));
    }

    private static void read(Exchange calls) {
        read(calls, GET);
    }

    private static void read(Exchange calls, Request request) {
        StepVerifier.create(Mono.defer(() -> calls.exchange(request))
                        .onErrorComplete()
                        .then())
                .verifyComplete();
    }

    private static Exchange ok() {
        return request -> Mono.just(answer(request, 200));
    }

    private static Response answer(Request request, int status) {
        return Response.of(request, status, Headers.none(), new byte[0]);
    }

    /** Counts starts and stops, and injects as a tracer does. */
    private static final class Starts implements ObservationHandler<Observation.Context> {

        private final IdentityHashMap<Observation.Context, Integer> stops = new IdentityHashMap<>();
        private final List<KeyValue> lowCardinality = new ArrayList<>();
        private final List<String> outcomes = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private int starts;
        private int spans;

        List<String> outcomesOf(String name) {
            return outcomes.stream()
                    .filter(outcome -> outcome.startsWith(name + " "))
                    .map(outcome -> outcome.substring(name.length() + 1))
                    .toList();
        }

        @Override
        public void onStart(Observation.Context context) {
            starts++;
            if (context instanceof SenderContext<?> sender) {
                inject(sender);
            }
        }

        private <C> void inject(SenderContext<C> sender) {
            sender.getSetter().set(sender.getCarrier(), "traceparent", "span-" + ++spans);
        }

        @Override
        public void onEvent(Observation.Event event, Observation.Context context) {
            events.add(event.getName());
        }

        @Override
        public void onStop(Observation.Context context) {
            stops.merge(context, 1, Integer::sum);
            context.getLowCardinalityKeyValues().forEach(lowCardinality::add);
            KeyValue outcome = context.getLowCardinalityKeyValue("outcome");
            outcomes.add(context.getName() + " " + (outcome == null ? "" : outcome.getValue()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    /** Loads this room anew, where Micrometer cannot be found. */
    private static final class WithoutMicrometer extends ClassLoader {

        WithoutMicrometer() {
            super(ObservationsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.headrace.observe.")) {
                return super.loadClass(name, resolve);
            }
            try (@Nullable InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file == null ? new byte[0] : file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
