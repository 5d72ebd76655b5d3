package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakePagesTest {

    private static final FakePages FIVE =
            FakePages.of("/items", List.of("1", "2", "3", "4", "5.00")).pageSize(2);

    @Test
    void givesPagesByNumber() throws Exception {
        try (TestServer one = FIVE.start();
                TestServer zero = FIVE.page("p", 0).start()) {
            assertThat(get(one, "")).isEqualTo("[1,2]");
            assertThat(get(one, "?page=3")).isEqualTo("[5.00]");
            assertThat(get(one, "?page=4")).isEqualTo("[]");
            assertThat(get(one, "?page=2&limit=3")).isEqualTo("[4,5.00]");
            assertThat(get(one, "?page=999999999&limit=999999999")).isEqualTo("[]");
            assertThat(get(zero, "?p=1")).isEqualTo("[3,4]");
        }
    }

    @Test
    void givesPagesByOffset() throws Exception {
        try (TestServer api = FIVE.offset("skip")
                .sizeParameter("take")
                .itemsAt("/data/items")
                .totalAt("/data/total")
                .start()) {
            assertThat(get(api, "?skip=1&take=3")).isEqualTo("{\"data\":{\"items\":[2,3,4],\"total\":5}}");
            assertThat(get(api, "?skip=9")).isEqualTo("{\"data\":{\"items\":[],\"total\":5}}");
        }
    }

    @Test
    void givesPagesByCursor() throws Exception {
        try (TestServer api =
                FIVE.itemsAt("/data").cursor("after", "/meta/next~1cursor").start()) {
            assertThat(walk(api)).containsExactly("[1,2]", "[3,4]", "[5.00]");
            assertThat(api.requests())
                    .extracting(request -> request.query("after").orElse(""))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void givesPagesByAddressAndKeepsWhatWasAsked() throws Exception {
        try (TestServer api = FIVE.itemsAt("/data").nextUrl("/next").start()) {
            JsonNode page = JsonText.read(get(api, "?limit=4&state=open%20now"));
            URI next = URI.create(page.path("next").asString());

            assertThat(Client.get(next).body()).isEqualTo("{\"data\":[5.00]}");
            assertThat(api.requests().get(1).query("state")).hasValue("open now");
        }
    }

    @Test
    void leadsFromShortAndEmptyPagesToWhatIsLeft() throws Exception {
        FakePages shape = FIVE.itemsAt("/data").cursor("after", "/meta/next~1cursor");
        try (TestServer api = shape.shortening(0)
                .onRequest(2, 3)
                .always()
                .shortening(1)
                .onRequest(4)
                .once()
                .start()) {
            assertThat(walk(api)).containsExactly("[1,2]", "[]", "[]", "[3]", "[4,5.00]");
            assertThat(api.requests()).extracting(RecordedRequest::uri).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws Exception {
        try (TestServer pages = FIVE.start();
                TestServer cursors =
                        FIVE.itemsAt("/data").cursor("after", "/next").start()) {
            for (String wrong : List.of("?page=0", "?page=-1", "?page=x", "?limit=0")) {
                HttpResponse<String> refused = Client.get(pages.uri("/items" + wrong));
                assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
                assertThat(JsonText.read(refused.body()).path("message").asString())
                        .startsWith("Not understood");
            }
            for (String wrong : List.of("x", "MQ==", "%3D")) {
                assertThat(Client.get(cursors.uri("/items?after=" + wrong)).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(Client.post(pages.uri("/items"), "{}").statusCode()).isEqualTo(405);
            assertThat(Client.get(pages.uri("/other")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void saysWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> FIVE.pageSize(0)).withMessageContaining("pageSize");
        assertThatIllegalArgumentException().isThrownBy(() -> FIVE.itemsAt("")).withMessageContaining("/data");
        assertThatIllegalArgumentException().isThrownBy(() -> FIVE.itemsAt("data"));
        assertThatIllegalStateException()
                .isThrownBy(() -> FIVE.cursor("after", "/next").start())
                .withMessageContaining("itemsAt");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        FIVE.itemsAt("/data").cursor("after", "/data/next").start())
                .withMessageContaining("/data/next");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakePages.of("/items", List.of("{\"id\": ")))
                .withMessageContaining("{\"id\": ");
    }

    @Test
    void answersWithItsFaultWhereItWasNotStartedByItself() throws Exception {
        try (TestServer api = TestServer.builder()
                .route("/items", FIVE.cursor("after", "/next"))
                .start()) {
            assertThat(Client.get(api.uri("/items")).statusCode()).isEqualTo(500);
            assertThat(Client.get(api.uri("/items")).body()).contains("itemsAt");
        }
    }

    private static String get(TestServer api, String query) throws Exception {
        return Client.get(api.uri("/items" + query)).body();
    }

    private static List<String> walk(TestServer api) throws Exception {
        List<String> pages = new ArrayList<>();
        String query = "";
        while (true) {
            JsonNode page = JsonText.read(get(api, query));
            pages.add(page.path("data").toString());
            JsonNode next = page.at("/meta/next~1cursor");
            if (next.isMissingNode()) {
                return pages;
            }
            query = "?after=" + URLEncoder.encode(next.asString(), StandardCharsets.UTF_8);
        }
    }
}
