package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.refused;
import static dev.headrace.sse.PlayedServer.silentAfter;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What ends a stream, what makes it connect again, and from where it goes on (L40, L42, L50, L51). */
class EventStreamReconnectTest {

    @Test
    void sendsTheHeadersOfTheStandardUnlessTheUserSetThem() {
        PlayedServer server = new PlayedServer(status(204));

        StepVerifier.create(server.stream().events()).verifyComplete();
        StepVerifier.create(server.stream(Request.get("/events")
                                .header("accept", "text/event-stream, application/json")
                                .header("Cache-Control", "no-store"))
                        .events())
                .verifyComplete();

        assertThat(server.requests())
                .extracting(request -> request.headers().all("Accept"))
                .containsExactly(List.of("text/event-stream"), List.of("text/event-stream, application/json"));
        assertThat(server.requests())
                .extracting(request -> request.headers().all("Cache-Control"))
                .containsExactly(List.of("no-cache"), List.of("no-store"));
        assertThat(server.lastEventIds()).containsExactly("", "");
    }

    @Test
    void goesOnAfterTheLastEventWhenTheServerHangsUp() {
        PlayedServer server = new PlayedServer(events("id: 1\ndata: a\n\n"), events("id: 2\ndata: b\n\n"), status(204));

        verify(server.stream()).expectNext(event("1", "a"), event("2", "b")).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "1", "2");
    }

    @Test
    void dropsTheEventThatTheBreakCutAndDoesNotSendItsId() {
        PlayedServer server = new PlayedServer(
                brokenAfter("id: 1\ndata: a\n\nid: 2\ndata: b\n"), events("id: 2\ndata: b\n\n"), status(204));

        verify(server.stream()).expectNext(event("1", "a"), event("2", "b")).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "1", "2");
    }

    @Test
    void mixesNoBytesOfTwoConnections() {
        PlayedServer server = new PlayedServer(brokenAfter("data: unfini"), events("data: b\n\n"), status(204));

        verify(server.stream()).expectNext(event("", "b")).verifyComplete();
    }

    @Test
    void goesOnAfterABlockThatHasOnlyAnId() {
        PlayedServer server = new PlayedServer(brokenAfter("id: 1\ndata: a\n\nid: cursor-7\n\n"), status(204));

        verify(server.stream()).expectNext(event("1", "a")).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "cursor-7");
    }

    @Test
    void keepsTheIdOverEventsOfAConnectionThatBringNone() {
        PlayedServer server = new PlayedServer(events("id: 1\ndata: a\n\n"), events("data: b\n\n"), status(204));

        verify(server.stream()).expectNext(event("1", "a"), event("1", "b")).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "1", "1");
    }

    @Test
    void sendsNoIdAfterTheServerHasTakenItBack() {
        PlayedServer server = new PlayedServer(events("id: 1\ndata: a\n\nid\ndata: b\n\n"), status(204));

        verify(server.stream().lastEventId("0")).expectNextCount(2).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("0", "");
    }

    @Test
    void beginsAfterTheIdItIsGiven() {
        PlayedServer server = new PlayedServer(events("data: a\n\n"), status(204));

        verify(server.stream().lastEventId("41")).expectNext(event("41", "a")).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("41", "41");
    }

    @Test
    void takesTheRequestsOwnHeaderForTheBeginning() {
        PlayedServer server = new PlayedServer(events("id: 42\ndata: a\n\n"), status(204));

        verify(server.stream(Request.get("/events").header("last-event-id", "41")))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("41", "42");
    }

    @Test
    void keepsNothingFromOneSubscriptionToTheNext() {
        PlayedServer server = new PlayedServer(events("id: 1\ndata: a\n\n"));
        EventStream once = server.stream().completeOnCleanEnd();

        verify(once).expectNextCount(1).verifyComplete();
        verify(once).expectNextCount(1).verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "");
    }

    @Test
    void completesWhenTheServerWantsNoReconnection() {
        PlayedServer server = new PlayedServer(status(204));

        verify(server.stream()).verifyComplete();
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 413, 425, 429, 500, 502, 503, 504, 520, 599})
    void comesBackAfterAStatusThatMayPass(int status) {
        PlayedServer server = new PlayedServer(status(status), events("data: a\n\n"), status(204));

        verify(server.stream()).expectNextCount(1).verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 205, 206, 301, 304, 307, 400, 401, 403, 404, 410, 422, 501, 505})
    void endsAtAnyOtherStatusAndKeepsTheBody(int status) {
        PlayedServer server = new PlayedServer(status(status, Headers.of("X-Why", "because"), "an explanation"));

        verify(server.stream())
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(HttpStatusException.class, refusal -> {
                            assertThat(refusal.status()).isEqualTo(status);
                            assertThat(refusal.headers().first("X-Why")).contains("because");
                            assertThat(refusal.body()).isEqualTo("an explanation");
                        }));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void waitsNoLongerThanFiveSecondsForTheRestOfAnErrorsBody() {
        PlayedServer server = new PlayedServer(status(404, Headers.none(), "the beginning")
                .with(response -> PlayedServer.followedBy(response, Mono.never())));

        StepVerifier.withVirtualTime(() -> server.stream().events())
                .expectSubscription()
                .expectNoEvent(ofSeconds(5).minusMillis(1))
                .thenAwait(ofSeconds(1))
                .verifyErrorSatisfies(failure ->
                        assertThat(((HttpStatusException) failure).body()).isEqualTo("the beginning"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/event-stream",
                "text/event-stream; charset=utf-8",
                "text/event-stream;charset=windows-1251",
                "Text/Event-Stream",
                " text/event-stream ;x=y"
            })
    void acceptsEventStreamsHoweverTheirTypeIsWritten(String type) {
        PlayedServer server = new PlayedServer(status(200, Headers.of("Content-Type", type), "data: \u00e9\n\n"));

        verify(server.stream().completeOnCleanEnd())
                .expectNext(event("", "\u00e9"))
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/event-stream-x",
                "text/event-streaming",
                "application/json",
                "text/html; a=text/event-stream",
                ""
            })
    void endsAtAnAnswerThatIsNoEventStream(String type) {
        Headers headers = type.isEmpty() ? Headers.none() : Headers.of("Content-Type", type);
        PlayedServer server = new PlayedServer(status(200, headers, "{\"error\":\"no such feed\"}"));

        verify(server.stream())
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(UnexpectedContentTypeException.class, wrong -> {
                            assertThat(wrong.kind()).isEqualTo(FailureKind.CONFIGURATION);
                            assertThat(wrong.status()).isEqualTo(200);
                            assertThat(wrong.headers()).isEqualTo(headers);
                            assertThat(wrong.body()).isEqualTo("{\"error\":\"no such feed\"}");
                        }));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void doesNotComeBackAfterAFailureThatWillNotPass() {
        PlayedServer server = new PlayedServer(
                request -> Mono.error(new HeadraceException(FailureKind.CONFIGURATION, "no such host", null)));

        verify(server.stream()).verifyError(HeadraceException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void doesNotMeetAnEventOverTheLimitAgainAndAgain() {
        PlayedServer server = new PlayedServer(events("id: 1\ndata: a\n\ndata: 0123456789\n\n"));

        verify(server.stream().limits(EventLimits.defaults().event(10)))
                .expectNext(event("1", "a"))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                EventTooLargeException.class,
                                large -> assertThat(large.lastEventId()).isEqualTo("1")));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void doesNotSendAPostAgainWithoutAnIdToGoOnFrom() {
        PlayedServer server = new PlayedServer(brokenAfter("data: a\n\n"));

        verify(server.stream(Request.post("/answers").json("why?")))
                .expectNextCount(1)
                .verifyError(HeadraceException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void sendsAPostAgainOnceAnIdIsKnown() {
        PlayedServer server = new PlayedServer(brokenAfter("id: 1\ndata: a\n\n"), events("id: 2\ndata: b\n\n"));

        verify(server.stream(Request.post("/answers").json("why?")))
                .expectNext(event("1", "a"), event("2", "b"))
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "1");
    }

    @Test
    void doesNotSendARefusedPostAgain() {
        PlayedServer server = new PlayedServer(status(503));

        verify(server.stream(Request.post("/answers").json("why?"))).verifyError(HttpStatusException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void completesAPostAtItsCleanEnd() {
        PlayedServer server = new PlayedServer(events("data: a\n\n"));

        verify(server.stream(Request.post("/answers").json("why?")))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void sendsAPostAgainWithItsBodyIfToldSo() {
        PlayedServer server = new PlayedServer(brokenAfter("id: 1\ndata: a\n\n"), status(204));

        verify(server.stream(Request.post("/answers").json("why?")).reconnect(ReconnectPolicy.defaults()))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "1");
        assertThat(server.requests()).allMatch(request -> request.body().isPresent());
    }

    @Test
    void completesAtACleanEndIfToldSoAndStillComesBackAfterAFault() {
        PlayedServer server = new PlayedServer(brokenAfter("id: 1\ndata: a\n\n"), events("id: 2\ndata: b\n\n"));

        verify(server.stream().completeOnCleanEnd())
                .expectNext(event("1", "a"), event("2", "b"))
                .verifyComplete();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void emitsTheEventThatCompletesTheStreamAndReadsNoFurther() {
        PlayedServer server = new PlayedServer(silentAfter("data: a\n\ndata: [DONE]\n\ndata: b\n\n"));

        verify(server.stream().completeWhen(SseEvent.dataEquals("[DONE]")).requireCompletion())
                .expectNext(event("", "a"), event("", "[DONE]"))
                .verifyComplete();
    }

    @Test
    void findsTheLastEventByItsName() {
        PlayedServer server = new PlayedServer(silentAfter("event: done\ndata: a\n\n"));

        verify(server.stream().completeWhen(SseEvent.named("done")))
                .expectNext(new SseEvent("", "done", "a"))
                .verifyComplete();
    }

    @Test
    void goesOnOverReconnectionsUntilTheLastEventComes() {
        PlayedServer server = new PlayedServer(events("data: a\n\n"), refused(), events("data: [DONE]\n\n"));

        verify(server.stream().completeWhen(SseEvent.dataEquals("[DONE]")).requireCompletion())
                .expectNextCount(2)
                .verifyComplete();
    }

    @Test
    void failsWhenTheEventThatMustCompleteItIsMissing() {
        PlayedServer server = new PlayedServer(events("id: 3\ndata: a\n\n"));

        verify(server.stream(Request.post("/answers").json("why?"))
                        .completeWhen(SseEvent.dataEquals("[DONE]"))
                        .requireCompletion())
                .expectNextCount(1)
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(IncompleteStreamException.class, incomplete -> {
                            assertThat(incomplete.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                            assertThat(incomplete.lastEventId()).isEqualTo("3");
                            assertThat(incomplete.request()).isEqualTo("POST /answers");
                        }));
    }

    @Test
    void takesA204WithoutTheLastEventForAnIncompleteStream() {
        PlayedServer server = new PlayedServer(status(204));

        verify(server.stream().completeWhen(SseEvent.dataEquals("[DONE]")).requireCompletion())
                .verifyError(IncompleteStreamException.class);
    }

    @Test
    void completesWithoutTheLastEventUnlessItIsRequired() {
        PlayedServer server = new PlayedServer(status(204));

        verify(server.stream().completeWhen(SseEvent.dataEquals("[DONE]"))).verifyComplete();
    }

    private static SseEvent event(String id, String data) {
        return new SseEvent(id, SseEvent.MESSAGE, data);
    }

    private static StepVerifier.Step<SseEvent> verify(EventStream stream) {
        return StepVerifier.withVirtualTime(stream::events).thenAwait(ofMinutes(5));
    }
}
