package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.OAuth2;
import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeSlack;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages by a cursor in the body, and errors under status 200, as Slack has them. Rows A17, A19, L58. */
class SlackPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Channel(String id) {}

    private static final Endpoint<Channel> CHANNELS = Endpoint.get("/api/conversations.list")
            .paginate(Pagination.cursor("/response_metadata/next_cursor", Placement.query("cursor"))
                    .pageSize("limit", 10))
            .items("/channels", Channel.class);

    @ParameterizedTest
    @ValueSource(strings = {"empty", "null", "absent"})
    void endsWithACursorThatIs(String nothing) {
        FakeSlack api = switch (nothing) {
            case "null" -> api(25).endingWithNull();
            case "absent" -> api(25).endingWithoutMetadata();
            default -> api(25);
        };
        try (TestServer server = api.start();
                Connector connector = slack(server)) {
            assertThat(ids(connector, CHANNELS)).isEqualTo(channels(25));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void encodesTheCursor() {
        try (TestServer server = api(25).start();
                Connector connector = slack(server)) {
            ids(connector, CHANNELS);

            assertThat(server.requests().get(1).uri()).endsWith("%3D");
            assertThat(server.requests().get(1).query("cursor").orElseThrow()).endsWith("=");
        }
    }

    @ParameterizedTest(name = "a page of {0} is followed by another")
    @CsvSource({"0, 4", "1, 4", "9, 3"})
    void goesOnAfterAShortPageThatNamesAnother(int items, int requests) {
        try (TestServer server = api(25).shortening(items).onRequest(2).once().start();
                Connector connector = slack(server)) {
            assertThat(ids(connector, CHANNELS)).isEqualTo(channels(25));
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @ParameterizedTest(name = "at most {0} empty pages")
    @CsvSource({"1, 1", "3, 3", "10, 10"})
    void givesUpOnEmptyPagesWithoutEnd(int most, int requests) {
        try (TestServer server = api(25).shortening(0).always().start();
                Connector connector = slack(server)) {
            Reading<Channel> reading =
                    Reading.of(connector.records(CHANNELS.paging(pages -> pages.maxEmptyPages(most))));

            assertThat(reading.failure())
                    .isInstanceOf(PaginationException.class)
                    .hasMessageContaining(most + " empty pages in a row");
            assertThat(reading.stop().page()).isEqualTo(most);
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void asksNoFurtherThanItIsRead() {
        try (TestServer server = api(25).start();
                Connector connector = slack(server)) {
            assertThat(connector.records(CHANNELS).take(10).count().block(SOON)).isEqualTo(10);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void failsAfterTheRecordsBeforeWhenACursorIsRefused() {
        try (TestServer server =
                        api(25).refusing("invalid_cursor").onRequest(3).once().start();
                Connector connector = slack(server)) {
            Reading<String> before = Reading.of(connector.records(CHANNELS).map(Channel::id));

            assertThat(before.records()).isEqualTo(channels(20));
            assertThat(before.failure())
                    .isInstanceOfSatisfying(HttpStatusException.class, refusal -> {
                        assertThat(refusal.status()).isEqualTo(200);
                        assertThat(refusal.kind()).isEqualTo(FailureKind.PERMANENT);
                    })
                    .hasMessageContaining("invalid_cursor");
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(3);
            assertThat(ids(connector, CHANNELS.from(before.token())))
                    .isEqualTo(channels(25).subList(20, 25));
        }
    }

    /** Without rules for what Slack says under 200, a page without its list is an error: never the end. */
    @Test
    void takesNoErrorForTheEnd() {
        try (TestServer server =
                        api(25).refusing("fatal_error").onRequest(3).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Channel> reading = Reading.of(connector.records(CHANNELS));

            assertThat(reading.records()).hasSize(20);
            assertThat(reading.failure()).hasMessageContaining("/channels");
            assertThat(reading.stop().page()).isEqualTo(3);
        }
    }

    @Test
    void repeatsAPageThatIsLimitedUnderStatus200() {
        try (TestServer server =
                        api(25).refusing("ratelimited").onRequest(2).once().start();
                Connector connector = slack(server)) {
            assertThat(ids(connector, CHANNELS)).isEqualTo(channels(25));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void waitsForTheLimitOfAMethod() {
        try (TestServer server = api(25).and("users.list", "members", channelsAsJson(5))
                        .limit(2, ofSeconds(1))
                        .start();
                Connector connector = slack(server)) {
            assertThat(ids(connector, CHANNELS)).isEqualTo(channels(25));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(4);
            assertThat(Duration.between(
                            requests.get(0).arrivedAt(), requests.get(3).arrivedAt()))
                    .isGreaterThan(ofMillis(950));
        }
    }

    @Test
    void renewsATokenThatExpiresBetweenPages() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing();
        try (TestServer id = TestServer.builder().route("/token", tokens).start();
                TestServer server =
                        api(25).refusing("token_expired").onRequest(2).once().start();
                Connector connector = slack(server)
                        .mutate()
                        .auth(OAuth2.refreshToken(id.url() + "/token", "id", Secret.of("s"), Secret.of("r1")))
                        .build()) {
            assertThat(ids(connector, CHANNELS)).isEqualTo(channels(25));

            assertThat(server.requests())
                    .extracting(request -> request.header("Authorization").orElse(""))
                    .containsExactly("Bearer a1", "Bearer a1", "Bearer a2", "Bearer a2");
            assertThat(server.requests().get(2).uri())
                    .isEqualTo(server.requests().get(1).uri());
        }
    }

    private static FakeSlack api(int channels) {
        return FakeSlack.method("conversations.list", "channels", channelsAsJson(channels));
    }

    private static Connector slack(TestServer server) {
        return Connector.builder(server.url())
                .errors(ErrorRules.slack())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    private static List<String> ids(Connector connector, Endpoint<Channel> channels) {
        return connector
                .records(channels)
                .map(Channel::id)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<String> channels(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "C" + n).toList();
    }

    private static List<String> channelsAsJson(int count) {
        return channels(count).stream().map(id -> "{\"id\":\"" + id + "\"}").toList();
    }
}
