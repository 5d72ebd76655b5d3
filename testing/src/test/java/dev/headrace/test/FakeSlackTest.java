package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeSlackTest {

    private static final String PATH = "/api/conversations.list";
    private static final FakeSlack CHANNELS =
            FakeSlack.method("conversations.list", "channels", List.of("1", "2", "3", "4", "5"));

    @Test
    void givesAllPagesByCursor() throws Exception {
        try (TestServer api = CHANNELS.start()) {
            assertThat(walk(api)).containsExactly("[1,2]", "[3,4]", "[5]");
        }
    }

    @Test
    void endsInEveryWay() throws Exception {
        try (TestServer empty = CHANNELS.start();
                TestServer nothing = CHANNELS.endingWithNull().start();
                TestServer absent = CHANNELS.endingWithoutMetadata().start()) {
            assertThat(Client.get(empty.uri(PATH)).body()).endsWith("\"response_metadata\":{\"next_cursor\":\"\"}}");
            assertThat(Client.get(nothing.uri(PATH)).body()).endsWith("\"response_metadata\":{\"next_cursor\":null}}");
            assertThat(Client.get(absent.uri(PATH)).body()).isEqualTo("{\"ok\":true,\"channels\":[1,2,3,4,5]}");
        }
    }

    @Test
    void takesACursorOnlyWhenItIsEncoded() throws Exception {
        try (TestServer api = CHANNELS.start()) {
            String cursor = cursor(Client.get(api.uri(PATH + "?limit=2")));
            assertThat(cursor).endsWith("=");
            String encoded = URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            assertThat(Client.get(api.uri(PATH + "?limit=2&cursor=" + encoded)).body())
                    .contains("[3,4]");
            for (String wrong : List.of(cursor, URLEncoder.encode(encoded, StandardCharsets.UTF_8), "x")) {
                assertThat(Client.get(api.uri(PATH + "?limit=2&cursor=" + wrong))
                                .body())
                        .isEqualTo("{\"ok\":false,\"error\":\"invalid_cursor\"}");
            }
            assertThat(Client.post(api.uri(PATH), "limit=2&cursor=" + encoded).body())
                    .contains("[3,4]");
        }
    }

    @Test
    void givesEmptyAndShortPagesWithACursor() throws Exception {
        FakeSlack empty = CHANNELS.shortening(0).onRequest(2, 3).always();
        try (TestServer api = empty.shortening(1).onRequest(4).once().start()) {
            assertThat(walk(api)).containsExactly("[1,2]", "[]", "[]", "[3]", "[4,5]");
            assertThat(api.requests()).extracting(RecordedRequest::uri).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusesUnderStatus200() throws Exception {
        try (TestServer api =
                CHANNELS.refusing("token_expired").onRequest(2).once().start()) {
            Client.get(api.uri(PATH));
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(200);
            assertThat(refused.body()).isEqualTo("{\"ok\":false,\"error\":\"token_expired\"}");
            assertThat(Client.get(api.uri("/api/nothing")).body()).contains("unknown_method");
            assertThat(Client.get(api.uri(PATH + "?limit=1001")).body()).contains("invalid_limit");
            assertThat(Client.get(api.uri(PATH + "?limit=x")).body()).contains("invalid_limit");
        }
    }

    @Test
    void limitsEachMethodForItself() throws Exception {
        ManualClock clock = new ManualClock();
        FakeSlack limited = CHANNELS.and("users.list", "members", List.of("6")).limit(1, Duration.ofMinutes(1), clock);
        try (TestServer api = limited.start()) {
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(30));
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
            assertThat(refused.body()).isEqualTo("{\"ok\":false,\"error\":\"ratelimited\"}");
            assertThat(Client.get(api.uri("/api/users.list")).body()).contains("\"members\":[6]");
            clock.advance(Duration.ofSeconds(30));
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CHANNELS.limit(0, Duration.ofMinutes(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> CHANNELS.shortening(-1));
    }

    private static List<String> walk(TestServer api) throws Exception {
        List<String> pages = new ArrayList<>();
        String cursor = "";
        do {
            HttpResponse<String> page =
                    Client.get(api.uri(PATH + "?limit=2&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            JsonNode json = JsonText.read(page.body());
            assertThat(json.path("ok").asBoolean()).isTrue();
            pages.add(json.path("channels").toString());
            cursor = cursor(page);
        } while (!cursor.isEmpty());
        return pages;
    }

    private static String cursor(HttpResponse<String> page) {
        return JsonText.read(page.body())
                .path("response_metadata")
                .path("next_cursor")
                .asString("");
    }
}
