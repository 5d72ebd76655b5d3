package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeEventStreamsTest {

    private static final String PATH = "/v2/stream/recentchange";
    private static final FakeEventStreams CHANGES = FakeEventStreams.recentChanges(5);

    @Test
    void saysInEachIdWhereBothPartitionsStand() {
        assertThat(FakeEventStreams.id(1))
                .isEqualTo("[{\"topic\":\"eqiad.mediawiki.recentchange\",\"partition\":0,\"timestamp\":1756449917022},"
                        + "{\"topic\":\"codfw.mediawiki.recentchange\",\"partition\":0,\"offset\":-1}]");
        JsonNode second = JsonText.read(FakeEventStreams.id(2));
        assertThat(second.path(0))
                .isEqualTo(JsonText.read(FakeEventStreams.id(1)).path(0));
        assertThat(second.path(1).path("timestamp").asLong()).isEqualTo(1756449917042L);
        JsonNode third = JsonText.read(FakeEventStreams.id(3));
        assertThat(third.path(0).path("timestamp").asLong()).isEqualTo(1756449917062L);
        assertThat(third.path(1)).isEqualTo(second.path(1));
    }

    @Test
    void greetsAndNamesItsEvents() throws Exception {
        try (TestServer server = FakeEventStreams.recentChanges(1).feed().start()) {
            assertThat(Client.get(server.uri(PATH)).body())
                    .isEqualTo(":ok\n\nid: %s\nevent: message\ndata: %s\n\n"
                            .formatted(FakeEventStreams.id(1), CHANGES.data(1)));
            assertThat(JsonText.read(CHANGES.data(1)).path("meta").path("dt").asString(""))
                    .isEqualTo("2025-08-29T06:45:17.022Z");
        }
    }

    @Test
    void takesItsIdsBackOnlyToTheByte() throws Exception {
        try (TestServer server = CHANGES.feed().start()) {
            for (int n = 1; n < 5; n++) {
                assertThat(Client.get(server.uri(PATH), "Last-Event-ID", FakeEventStreams.id(n))
                                .body())
                        .startsWith(":ok\n\nid: " + FakeEventStreams.id(n + 1) + "\n");
            }
            for (String wrong : List.of(FakeEventStreams.id(2).replace(",", ", "), "[]", "7", "what")) {
                assertThat(Client.get(server.uri(PATH), "Last-Event-ID", wrong).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void beginsSinceATime() throws Exception {
        try (TestServer server = CHANGES.feed().start()) {
            for (String since : List.of("1756449917043", "2025-08-29T06:45:17.062Z")) {
                assertThat(Client.get(server.uri(PATH + "?since=" + since)).body())
                        .as(since)
                        .startsWith(":ok\n\nid: " + FakeEventStreams.id(3) + "\n");
            }
            assertThat(Client.get(server.uri(PATH + "?since=2001-01-01T00:00:00Z"))
                            .body())
                    .contains(FakeEventStreams.id(1));
            assertThat(Client.get(server.uri(PATH + "?since=yesterday")).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void refusesIdsThatAreTooOld() throws Exception {
        try (TestServer server = CHANGES.forgetting(3).feed().start()) {
            assertThat(Client.get(server.uri(PATH)).body()).startsWith(":ok\n\nid: " + FakeEventStreams.id(4) + "\n");
            assertThat(Client.get(server.uri(PATH), "Last-Event-ID", FakeEventStreams.id(2))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(Client.get(server.uri(PATH), "Last-Event-ID", FakeEventStreams.id(3))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void mixesCanariesIn() {
        FakeEventStreams mixed = CHANGES.canaryEvery(2);
        assertThat(List.of(1L, 2L, 3L, 4L))
                .extracting(n ->
                        JsonText.read(mixed.data(n)).path("meta").path("domain").asString(""))
                .containsExactly("mg.wiktionary.org", "canary", "mg.wiktionary.org", "canary");
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException().isThrownBy(() -> CHANGES.canaryEvery(0));
        assertThatIllegalArgumentException().isThrownBy(() -> CHANGES.forgetting(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeEventStreams.recentChanges(-1).feed());
    }
}
