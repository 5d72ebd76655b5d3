package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeCalendarTest {

    private static final String PATH = "/calendar/v3/calendars/c/events?maxResults=2";

    private final List<String> seen = new ArrayList<>();

    @Test
    void endsAFullReadWithASyncToken() throws Exception {
        try (TestServer api = meetings().start()) {
            String token = read(api, "");
            assertThat(seen).containsExactly("e1", "e2", "e3", "e4", "e5");
            assertThat(token).isNotEmpty();
            assertThat(api.requests()).hasSize(3);
        }
    }

    @Test
    void readsWhatChangedSince() throws Exception {
        FakeCalendar events = meetings();
        try (TestServer api = events.start()) {
            String token = read(api, "");
            seen.clear();
            String same = read(api, token);
            assertThat(seen).isEmpty();

            events.change("{\"id\":\"e2\",\"status\":\"cancelled\"}");
            events.change("{\"id\":\"e6\"}");
            events.change("{\"id\":\"e1\",\"summary\":\"Moved\"}");
            String later = read(api, same);
            assertThat(seen).containsExactly("e2", "e6", "e1");
            seen.clear();
            read(api, later);
            assertThat(seen).isEmpty();
            read(api, "");
            assertThat(seen).containsExactly("e1", "e3", "e4", "e5", "e6");
        }
    }

    @Test
    void keepsChangesMadeWhileItIsReadForTheSyncToken() throws Exception {
        FakeCalendar events = meetings();
        try (TestServer api = events.start()) {
            JsonNode first = JsonText.read(Client.get(api.uri(PATH)).body());
            events.change("{\"id\":\"e1\",\"status\":\"cancelled\"}");
            String token = read(api, "&pageToken=" + first.path("nextPageToken").asString());
            assertThat(seen).containsExactly("e3", "e4", "e5");
            seen.clear();
            read(api, token);
            assertThat(seen).containsExactly("e1");
        }
    }

    @Test
    void asksForAFullReadWhenATokenIsTooOld() throws Exception {
        try (TestServer api = meetings().expiring().onRequest(4).once().start()) {
            String old = read(api, "");
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> gone = Client.get(api.uri(PATH + old));
                assertThat(gone.statusCode()).isEqualTo(410);
                assertThat(gone.body()).contains("fullSyncRequired");
            }
            String fresh = read(api, "");
            assertThat(fresh).isNotEqualTo(old);
            assertThat(Client.get(api.uri(PATH + fresh)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void givesAnEmptyPageWithAToken() throws Exception {
        try (TestServer api = meetings().shortening(0).onRequest(2, 3).always().start()) {
            read(api, "");
            assertThat(seen).hasSize(5);
            assertThat(api.requests())
                    .hasSize(5)
                    .extracting(RecordedRequest::uri)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        try (TestServer api = meetings().start()) {
            assertThat(Client.get(api.uri(PATH + "&pageToken=x")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri(PATH + "&syncToken=x")).statusCode()).isEqualTo(410);
            assertThat(Client.get(api.uri(PATH + "0000")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri("/calendar/v3/calendars/d/events")).statusCode())
                    .isEqualTo(404);
        }
    }

    private static FakeCalendar meetings() {
        return FakeCalendar.events(FakeCalendar.meetings(5));
    }

    /** Reads to the end and gives what the next synchronization begins with. */
    private String read(TestServer api, String first) throws Exception {
        String position = first;
        while (true) {
            HttpResponse<String> page = Client.get(api.uri(PATH + position));
            assertThat(page.statusCode()).isEqualTo(200);
            JsonNode json = JsonText.read(page.body());
            json.path("items").forEach(item -> seen.add(item.path("id").asString()));
            String next = json.path("nextPageToken").asString("");
            if (next.isEmpty()) {
                return "&syncToken=" + json.path("nextSyncToken").asString();
            }
            position = "&pageToken=" + next;
        }
    }
}
