package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.silentAfter;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.CommitPolicy;
import dev.headrace.state.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Where a stream begins, what each of its requests says, and which events come twice (L47). */
class EventStreamResumeTest {

    private final StateStore store = StateStore.inMemory();

    @Test
    void beginsWhereAnEarlierRunHasLeftOff() {
        PlayedServer server = new PlayedServer(events("id: 43\ndata: a\n\n"), status(204));
        store.save("feed", StoredPosition.of("42")).block();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .lastEventId("7")
                        .resumeFrom(store, "feed")
                        .events())
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("42", "43");
    }

    @Test
    void beginsAsItIsToldWhenNothingIsSaved() {
        PlayedServer server = new PlayedServer(status(204));

        StepVerifier.create(server.stream()
                        .lastEventId("7")
                        .resumeFrom(store, "feed")
                        .events())
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("7");
    }

    @Test
    void refusesAPositionOfSomethingElse() {
        PlayedServer server = new PlayedServer(status(204));
        store.save("feed", Json.tree("{\"cursor\":5}")).block();

        StepVerifier.create(server.stream().resumeFrom(store, "feed").events())
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContaining("'feed'")
                        .isInstanceOfSatisfying(
                                HeadraceException.class,
                                odd -> assertThat(odd.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA)));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void savesWhatWasHandledAtTheEndOfAPipeline() {
        PlayedServer server = new PlayedServer(silentAfter("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"));

        StepVerifier.create(
                        server.stream()
                                .events()
                                .publishOn(Schedulers.parallel())
                                .concatMap(event -> Mono.just(event).hide(), 1)
                                .transform(Checkpoints.committing(store, "feed", CommitPolicy.eachElement())),
                        0)
                .thenRequest(2)
                .expectNextCount(2)
                .then(() -> assertThat(saved()).isIn("2", "3"))
                .thenCancel()
                .verify();
    }

    @Test
    void doesNotSaveWhatIsOnlyQueued() {
        PlayedServer server = new PlayedServer(silentAfter("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"));

        StepVerifier.create(server.stream()
                        .events()
                        .publishOn(Schedulers.parallel())
                        .concatMap(event -> event.id().equals("2") ? Mono.never() : Mono.just(event), 1)
                        .transform(Checkpoints.committing(store, "feed", CommitPolicy.eachElement())))
                .expectNextCount(1)
                .then(() -> assertThat(saved()).isEqualTo("1"))
                .thenCancel()
                .verify();
    }

    private String saved() {
        return Objects.requireNonNull(StoredPosition.load(store, "feed").block());
    }

    @Test
    void makesTheRequestOfEachConnectionAnew() {
        PlayedServer server = new PlayedServer(brokenAfter("id: 5\ndata: a\n\n"), status(503), status(204));
        List<ConnectionAttempt> attempts = new ArrayList<>();

        StepVerifier.withVirtualTime(() -> server.stream(Request.get("/events"))
                        .requestPerAttempt(attempt -> Mono.fromSupplier(() -> {
                            attempts.add(attempt);
                            return attempt.request().query("token", "t" + attempt.number());
                        }))
                        .events())
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(server.requests())
                .extracting(request -> request.uri().toString())
                .containsExactly(
                        "http://played.test/events?token=t1",
                        "http://played.test/events?token=t2",
                        "http://played.test/events?token=t3");
        assertThat(server.lastEventIds()).containsExactly("", "5", "5");
        assertThat(attempts).extracting(ConnectionAttempt::number).containsExactly(1L, 2L, 3L);
        assertThat(attempts).extracting(ConnectionAttempt::lastEventId).containsExactly("", "5", "5");
        assertThat(attempts.get(0).failure()).isNull();
        assertThat(attempts.get(1).failure()).hasMessage("the connection broke");
        assertThat(attempts.get(2).failure()).isInstanceOf(HttpStatusException.class);
    }

    @Test
    void takesAFailureToMakeTheRequestForOneOfTheConnection() {
        PlayedServer server = new PlayedServer(status(204));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .requestPerAttempt(attempt -> attempt.number() == 1
                                ? Mono.error(PlayedServer.broken())
                                : Mono.just(attempt.request()))
                        .events())
                .thenAwait(ofMinutes(1))
                .verifyComplete();
        StepVerifier.create(server.stream()
                        .requestPerAttempt(attempt -> Mono.empty())
                        .events())
                .verifyErrorMatches(
                        failure -> failure instanceof HeadraceException odd && odd.kind() == FailureKind.CONFIGURATION);
    }

    @Test
    void sendsTheIdAsAParameterWhereTheServerWantsIt() {
        PlayedServer server = new PlayedServer(events("id: 5/1 é\ndata: a\n\n"), status(204));

        StepVerifier.withVirtualTime(() -> server.stream(Request.get("/events?since=0&x=1"))
                        .lastEventIdInQuery("since")
                        .events())
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.requests())
                .extracting(request -> request.uri().toString())
                .containsExactly(
                        "http://played.test/events?since=0&x=1", "http://played.test/events?x=1&since=5%2F1%20%C3%A9");
        assertThat(server.lastEventIds()).containsExactly("", "");
    }

    @Test
    void sendsAnIdWithoutTheWhiteSpaceAroundIt() {
        PlayedServer server = new PlayedServer(events("id:  5 \ndata: a\n\n"), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().events())
                .thenAwait(ofMinutes(1))
                .expectNext(new SseEvent(" 5 ", "message", "a"))
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "5");
    }

    @Test
    void saysThatNoHeaderCanCarryAnId() {
        PlayedServer server = new PlayedServer(events("id: a\u0001b\ndata: a\n\n"), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().events())
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContaining("'a?b' holds a control character")
                        .isInstanceOf(HeadraceException.class));
    }

    @Test
    void makesNoRequestBeforeAnEventIsAskedFor() {
        PlayedServer server = new PlayedServer(status(204));
        List<ConnectionAttempt> attempts = new ArrayList<>();

        StepVerifier.create(
                        server.stream()
                                .requestPerAttempt(attempt -> {
                                    attempts.add(attempt);
                                    return Mono.just(attempt.request());
                                })
                                .events(),
                        0)
                .expectSubscription()
                .then(() -> assertThat(attempts).isEmpty())
                .thenRequest(1)
                .verifyComplete();
        assertThat(attempts).hasSize(1);
    }

    @Test
    void leavesOutTheEventItResumedFrom() {
        PlayedServer server = new PlayedServer(events("id: 7\ndata: a\n\nid: 8\ndata: b\n\n"), status(204));

        StepVerifier.withVirtualTime(() ->
                        server.stream().lastEventId("7").deduplicate(5).events().map(SseEvent::id))
                .thenAwait(ofMinutes(1))
                .expectNext("8")
                .verifyComplete();
    }

    @Test
    void leavesOutEventsThatCameBeforeTheBreak() {
        EventCounters counters = EventCounters.create();
        PlayedServer server = new PlayedServer(
                brokenAfter("id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: without\n\nid: 3\ndata: c\n\n"),
                events("id: 2\ndata: b\n\nid: 3\ndata: c\n\nid: 4\ndata: d\n\ndata: without\n\n"),
                status(204));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .deduplicate(10)
                        .counters(counters)
                        .events()
                        .map(SseEvent::data))
                .thenAwait(ofMinutes(1))
                // Without an id of its own, an event is like no other.
                .expectNext("a", "b", "without", "c", "d", "without")
                .verifyComplete();
        assertThat(counters.snapshot().duplicates()).isEqualTo(2);
        assertThat(server.lastEventIds()).containsExactly("", "3", "4");
    }

    @Test
    void leavesOutValuesThatComeTwiceInOneChunkOfBytes() {
        PlayedServer server =
                new PlayedServer(events("id: 1\ndata: 1\n\nid: 1\ndata: 1\n\nid: 2\ndata: 2\n\n"), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().deduplicate(10).events(Integer.class))
                .thenAwait(ofMinutes(1))
                .expectNext(1, 2)
                .verifyComplete();
    }

    @Test
    void remembersNoMoreIdsThanTheWindowHolds() {
        PlayedServer server = new PlayedServer(
                events("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\nid: 1\ndata: a\n\nid: 3\ndata: c\n\n"),
                status(204));

        StepVerifier.withVirtualTime(
                        () -> server.stream().deduplicate(2).events().map(SseEvent::id))
                .thenAwait(ofMinutes(1))
                .expectNext("1", "2", "3", "1")
                .verifyComplete();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.stream().deduplicate(0))
                .withMessageContaining("window must be more than zero");
    }
}
