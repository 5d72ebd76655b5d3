package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.slice;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Whether a stream can be read, by its first record. Rows A34, A35, A36, A37, A38. */
class AvailabilityTest {

    private static final RecordStream<Issue> ISSUES_OF_ONE =
            RecordStream.of("issues", ISSUES).slices(List.of(slice(1)));

    private static Availability check(RecordStream<?> stream, Repositories repositories) {
        return Objects.requireNonNull(stream.check(repositories.connector()).block(ofSeconds(10)));
    }

    private static Repositories answering(int status) {
        return new Repositories(FakeRepositories.of(2, 25).answering("o/r1", status));
    }

    @Test
    void readsTheFirstRecordByOneRequest() { // A34, A35, A38
        try (Repositories repositories = Repositories.of(1, 250)) {
            Endpoint<Issue> hundreds = ISSUES.replaceQuery("per_page", 100);
            RecordStream<Issue> stream = RecordStream.of("issues", hundreds).slices(List.of(slice(1), slice(2)));

            assertThat(check(stream, repositories)).isEqualTo(new Availability(true, "", null));
            assertThat(repositories.uris()).hasSize(1);
        }
    }

    @Test
    void readsOneRecordOfAParentAndOneOfItsChild() { // A35
        try (Repositories repositories = Repositories.of(25, 25)) {
            assertThat(check(ALL_ISSUES.concurrency(4), repositories).available())
                    .isTrue();
            assertThat(repositories.uris()).hasSize(2);
        }
    }

    @Test
    void asksForNothingBeforeItIsSubscribedTo() {
        try (Repositories repositories = Repositories.of(1, 1)) {
            assertThat(ALL_ISSUES.check(repositories.connector())).isNotNull();
            assertThat(repositories.uris()).isEmpty();
        }
    }

    @Test
    void isAvailableWithoutRecords() { // A35
        try (Repositories repositories = Repositories.of(1, 0)) {
            assertThat(check(ISSUES_OF_ONE, repositories).available()).isTrue();
            assertThat(check(ALL_ISSUES, repositories).available()).isTrue();
        }
    }

    @Test
    void isNotAvailableWithoutSlices() { // A35
        try (Repositories repositories = Repositories.of(0, 0)) {
            assertThat(check(ALL_ISSUES, repositories))
                    .isEqualTo(new Availability(
                            false, "Stream 'issues' has no slices to read, for its parents have no records", null));
            RecordStream<Issue> without = RecordStream.of("issues", ISSUES).slices(Flux.empty());
            assertThat(check(without, repositories).reason()).isEqualTo("Stream 'issues' has no slices to read");
        }
    }

    @Test
    void isNotAvailableIfTheRemoteForbidsIt() { // A36
        try (Repositories repositories = answering(403)) {
            Availability availability = check(ALL_ISSUES, repositories);

            assertThat(availability.available()).isFalse();
            assertThat(availability.status()).isEqualTo(403);
            assertThat(availability.reason())
                    .isEqualTo(
                            "Stream 'issues' cannot be read (status 403): the credentials may not read it; ask for the"
                                    + " permission, or leave the stream out; the remote says: status 403");
        }
    }

    @Test
    void isNotAvailableIfTheParentIsForbidden() { // A35, A36
        try (Repositories repositories = new Repositories(FakeRepositories.of(1, 1)
                .failing(403)
                .when(request -> request.uri().startsWith("/user/repos"))
                .always())) {
            assertThat(check(ALL_ISSUES, repositories).status()).isEqualTo(403);
            assertThat(repositories.uris()).hasSize(1);
        }
    }

    @Test
    void addsReasonsToTheDefault() { // A37
        RecordStream<Issue> stream = ALL_ISSUES
                .unavailableReasons(Map.of(404, "no such repository"))
                .unavailableReasons(Map.of(410, "gone"));
        for (int status : new int[] {403, 404, 410}) {
            try (Repositories repositories = answering(status)) {
                assertThat(check(stream, repositories).status()).isEqualTo(status);
            }
        }
        try (Repositories repositories = answering(403)) {
            assertThat(check(stream.unavailableReasons(Map.of(403, "not yours")), repositories)
                            .reason())
                    .contains("(status 403): not yours");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    void failsWithWhatHasNoReason(int status) { // A36
        try (Repositories repositories = answering(status)) {
            assertThatThrownBy(() -> check(ALL_ISSUES.sliceErrorsAsNotices(), repositories))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            failure -> assertThat(failure.status()).isEqualTo(status));
        }
    }

    @Test
    void looksAtNoStateAndAtTheFirstWindow() {
        StateStore store = StateStore.inMemory();
        Cursor cursor = Cursor.datetime("/updated_at")
                .startingAt(START)
                .intoQuery("since")
                .untilQuery("until");
        try (Repositories repositories = Repositories.of(1, 3)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE
                    .cursor(cursor)
                    .windows(TimeWindows.of(ofDays(1)))
                    .resumeFrom(store, "issues");
            StepVerifier.create(store.save("issues", Trees.json("'no state'"))).verifyComplete();

            assertThat(check(stream, repositories).available()).isTrue();
            assertThat(repositories.uris()).hasSize(1).allMatch(uri -> uri.endsWith("until=2024-01-02T00%3A00%3A00Z"));
        }
    }

    @Test
    void passesOverRecordsThatAreFilteredOut() {
        try (Repositories repositories = Repositories.of(1, 25)) {
            assertThat(check(ISSUES_OF_ONE.filter(issue -> false), repositories).available())
                    .isTrue();
            assertThat(repositories.uris()).hasSize(1);
        }
    }

    @Test
    void neverShowsASecret() {
        String body = "{\"message\":\"Authorization: Bearer tok-1234567890 may not read ?api_key=key-0987654321\"}";
        try (TestServer server = Route.fixed(403, "application/json", body).start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("tok-1234567890")))
                        .retry(RetryPolicy.never())
                        .build()) {
            RecordStream<?> stream =
                    RecordStream.of("secrets", Endpoint.get("/x").query("api_key", Secret.of("key-0987654321")));
            Availability availability =
                    Objects.requireNonNull(stream.check(connector).block(ofSeconds(10)));

            assertThat(availability.available()).isFalse();
            assertThat(availability.reason()).doesNotContain("tok-1234567890").doesNotContain("key-0987654321");
        }
    }
}
