package dev.headrace.connector;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.decode.Captures;
import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeCalendar;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pages by a token, and on the last one another that reads what changed later, as Google's APIs have them. Rows A17, L58. */
class SyncTokenPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Event(String id, String status) {}

    private static final Endpoint<Event> EVENTS = Endpoint.get("/calendar/v3/calendars/{calendar}/events")
            .with("calendar", "c")
            .paginate(Pagination.cursor("/nextPageToken", Placement.query("pageToken"))
                    .pageSize("maxResults", 2))
            .items("/items", Event.class);

    @Test
    void readsAllPagesInTheOrderOfTheirTokens() {
        try (TestServer server = api(5).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector.records(EVENTS))).isEqualTo(upTo(5));

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .first()
                    .isEqualTo("/calendar/v3/calendars/c/events?maxResults=2");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void goesOnAfterAnEmptyPageWithAToken() {
        try (TestServer server = api(5).shortening(0).onRequest(2).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector.records(EVENTS))).isEqualTo(upTo(5));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void readsOnlyWhatChangedSinceTheSyncToken() {
        FakeCalendar api = api(5);
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicReference<String> token = new AtomicReference<>("");
            Endpoint<Event> syncing = noting(token);
            assertThat(ids(connector.records(syncing))).isEqualTo(upTo(5));

            api.change("{\"id\":\"e2\",\"status\":\"cancelled\"}");
            api.change("{\"id\":\"e6\",\"status\":\"confirmed\"}");
            api.change("{\"id\":\"e7\",\"status\":\"confirmed\"}");
            List<Event> changes = connector
                    .records(syncing.query("syncToken", Objects.requireNonNull(token.get())))
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();
            assertThat(changes)
                    .containsExactlyInAnyOrder(
                            new Event("e2", "cancelled"), new Event("e6", "confirmed"), new Event("e7", "confirmed"));

            assertThat(ids(connector.records(syncing.query("syncToken", Objects.requireNonNull(token.get())))))
                    .isEmpty();
            assertThat(server.requests()).hasSize(3 + 2 + 1);
        }
    }

    /** Who reads a part must not take the token for the whole. */
    @Test
    void hasNoSyncTokenBeforeTheLastPage() {
        try (TestServer server = api(5).start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicReference<String> token = new AtomicReference<>("");

            assertThat(ids(connector.records(noting(token)).take(4))).isEqualTo(upTo(4));

            assertThat(token).hasValue("");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void hasASyncTokenAfterReadingOnFromAPageThatFailed() {
        try (TestServer server = api(5).failing(500).onRequest(2).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            AtomicReference<String> token = new AtomicReference<>("");
            Reading<String> before = Reading.of(connector.records(noting(token)).map(Event::id));

            assertThat(before.records()).isEqualTo(upTo(2));
            assertThat(before.stop().page()).isEqualTo(2);
            assertThat(token).hasValue("");

            assertThat(ids(connector.records(noting(token).from(before.token()))))
                    .isEqualTo(upTo(5).subList(2, 5));
            assertThat(token.get()).isNotEmpty();
        }
    }

    /** A refused sync token sends the user back to a full read: an operator on the stream, nothing more. */
    @Test
    void readsAllAgainWhenTheSyncTokenIsGone() {
        FakeCalendar api = api(5).expiring().onRequest(4).once();
        try (TestServer server = api.start();
                Connector connector = Connector.builder(server.url()).build()) {
            AtomicReference<String> token = new AtomicReference<>("");
            Endpoint<Event> syncing = noting(token);
            ids(connector.records(syncing));
            String expired = Objects.requireNonNull(token.get());

            Flux<Event> changes = connector
                    .records(syncing.query("syncToken", expired))
                    .onErrorResume(
                            HttpStatusException.class,
                            gone -> gone.status() == 410 ? connector.records(syncing) : Mono.error(gone));
            assertThat(ids(changes)).isEqualTo(upTo(5));

            assertThat(token.get()).isNotEqualTo(expired);
            assertThat(server.requests()).hasSize(3 + 1 + 3);
        }
    }

    @Test
    void saysThatASyncTokenIsGone() {
        try (TestServer server = api(5).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Event> reading = Reading.of(connector.records(EVENTS.query("syncToken", "s7.1")));

            assertThat(reading.records()).isEmpty();
            assertThat(reading.failure()).isInstanceOfSatisfying(HttpStatusException.class, gone -> {
                assertThat(gone.status()).isEqualTo(410);
                assertThat(gone.kind()).isEqualTo(FailureKind.CONFIGURATION);
            });
            assertThat(reading.stop().page()).isEqualTo(1);
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** The same without a class of one's own: both tokens are captured, and one of them is sent. */
    private static Endpoint<Event> noting(AtomicReference<String> syncToken) {
        Placement pageToken = Placement.query("pageToken");
        Captures both = Captures.none().value("/nextPageToken").value("/nextSyncToken");
        return EVENTS.paginate(Pagination.of(both, end -> {
                    end.value("/nextSyncToken").ifPresent(token -> syncToken.set(token.asString()));
                    Optional<String> next = end.json("/nextPageToken");
                    return next.map(token -> pageToken.put(end.request(), token));
                })
                .pageSize("maxResults", 2));
    }

    private static FakeCalendar api(int events) {
        return FakeCalendar.events(FakeCalendar.meetings(events));
    }

    private static List<String> ids(Flux<Event> events) {
        return events.map(Event::id).collectList().blockOptional(SOON).orElseThrow();
    }

    private static List<String> upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(n -> "e" + n).toList();
    }
}
