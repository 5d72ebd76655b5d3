package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeRepositoriesTest {

    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");
    private static final String ISSUES = "/repos/o/r1/issues";

    @Test
    void listsRepositoriesPageByPage() throws Exception {
        try (TestServer api = FakeRepositories.of(5, 10).start()) {
            HttpResponse<String> first = Client.get(api.uri("/user/repos?per_page=2"));
            JsonNode repository = JsonText.read(first.body()).path(0);
            assertThat(repository.toString())
                    .isEqualTo(
                            "{\"id\":1,\"name\":\"r1\",\"owner\":{\"login\":\"o\"},\"full_name\":\"o/r1\",\"updated_at\":\"2024-01-01T00:10:00Z\"}");
            assertThat(walk(api, "/user/repos?per_page=2", "full_name"))
                    .containsExactly("o/r1", "o/r2", "o/r3", "o/r4", "o/r5");
        }
    }

    @Test
    void listsTheIssuesOfEachRepository() throws Exception {
        try (TestServer api = FakeRepositories.of(2, 65).start()) {
            HttpResponse<String> page = Client.get(api.uri("/repos/o/r2/issues"));
            JsonNode issue = JsonText.read(page.body()).path(2);
            assertThat(issue.toString())
                    .isEqualTo(
                            "{\"id\":2000000003,\"number\":3,\"title\":\"Issue 3\",\"state\":\"closed\",\"updated_at\":\"2024-01-01T00:03:00Z\",\"repository\":\"o/r2\"}");
            assertThat(JsonText.read(page.body()).size()).isEqualTo(30);
            assertThat(walk(api, "/repos/o/r2/issues", "number")).isEqualTo(numbers(1, 65));
            assertThat(api.requests()).hasSize(4);
            assertThat(Client.get(api.uri("/repos/o/r2/issues?page=9")).body()).isEqualTo("[]");
        }
    }

    @Test
    void holdsMoreThanFitsIntoMemory() throws Exception {
        try (TestServer api = FakeRepositories.of(100_000_000, 2_000_000_000).start()) {
            HttpResponse<String> far =
                    Client.get(api.uri("/repos/o/r99999999/issues?per_page=1000&page=19999999&sort=updated"));
            assertThat(JsonText.read(far.body()).size()).isEqualTo(100);
            assertThat(JsonText.read(far.body()).path(0).path("number").asInt()).isEqualTo(1_999_999_801);
            assertThat(far.headers().firstValue("Link").orElse("")).contains("page=20000000>; rel=\"next\"");
        }
    }

    @Test
    void readsFromOneTimeToAnother() throws Exception {
        try (TestServer api = FakeRepositories.of(1, 10).start()) {
            assertThat(walk(api, ISSUES + "?since=2024-01-01T00:03:00Z&until=2024-01-01T00:06:00Z", "number"))
                    .containsExactly("3", "4", "5");
            assertThat(walk(
                            api,
                            ISSUES + "?since=2024-01-01T01:02:59.5%2B01:00&until=2024-01-01T00:03:00.001Z",
                            "number"))
                    .containsExactly("3");
            assertThat(walk(api, ISSUES + "?since=2024-01-01&per_page=4", "number"))
                    .isEqualTo(numbers(1, 10));
            assertThat(walk(api, ISSUES + "?until=2024-01-01", "number")).isEmpty();
            assertThat(walk(api, ISSUES + "?since=2025-01-01T00:00:00Z", "number"))
                    .isEmpty();
            assertThat(Client.get(api.uri(ISSUES + "?since=yesterday")).statusCode())
                    .isEqualTo(422);
        }
    }

    @Test
    void putsChangesWhereTheyBelong() throws Exception {
        FakeRepositories github = FakeRepositories.of(2, 6);
        try (TestServer api = github.start()) {
            github.touch("o", "r1", 2, Instant.parse("2024-01-01T00:04:00Z"));
            github.touch("o", "r1", 3, Instant.parse("2024-06-01T00:00:00Z"));
            assertThat(github.add("o", "r1", Instant.parse("2024-01-01T00:01:30Z")))
                    .isEqualTo(7);
            assertThat(github.add("o", "r1", Instant.parse("2024-05-01T00:00:00Z")))
                    .isEqualTo(8);

            assertThat(walk(api, ISSUES + "?sort=updated&per_page=3", "number"))
                    .containsExactly("1", "7", "2", "4", "5", "6", "8", "3");
            assertThat(walk(api, ISSUES + "?per_page=3", "number")).isEqualTo(numbers(1, 8));
            assertThat(walk(api, ISSUES + "?sort=updated&since=2024-01-01T00:06:00Z", "number"))
                    .containsExactly("6", "8", "3");
            assertThat(walk(api, ISSUES + "?until=2024-01-01T00:04:00Z", "number"))
                    .containsExactly("1", "7");
            assertThat(walk(api, "/repos/o/r2/issues", "number")).isEqualTo(numbers(1, 6));
            assertThat(walk(api, "/user/repos", "updated_at"))
                    .containsExactly("2024-06-01T00:00:00Z", "2024-01-01T00:06:00Z");
            assertThat(walk(api, "/user/repos?sort=updated", "full_name")).containsExactly("o/r2", "o/r1");
            assertThat(walk(api, "/user/repos?since=2024-03-01T00:00:00Z", "full_name"))
                    .containsExactly("o/r1");
        }
    }

    @Test
    void takesChangesWhileItIsRead() throws Exception {
        FakeRepositories github = FakeRepositories.of(1, 4);
        try (TestServer api = github.start()) {
            String path = ISSUES + "?sort=updated&per_page=2";
            List<String> first = fields(Client.get(api.uri(path)), "number");
            github.touch("o", "r1", 1, Instant.parse("2024-06-01T00:00:00Z"));
            List<String> second = fields(Client.get(api.uri(path + "&page=2")), "number");
            // Three has moved up to the first page, which has been read.
            assertThat(first).containsExactly("1", "2");
            assertThat(second).containsExactly("4", "1");
        }
    }

    @Test
    void takesMoreRepositories() throws Exception {
        FakeRepositories github = FakeRepositories.of(1, 4);
        try (TestServer api = github.start()) {
            assertThat(Client.get(api.uri("/repos/p/new/issues")).statusCode()).isEqualTo(404);
            github.addRepository("p", "new", 2);
            github.addRepository("o", "r2", 1);
            github.add("p", "new", Instant.parse("2024-05-01T00:00:00Z"));
            assertThat(walk(api, "/user/repos", "full_name")).containsExactly("o/r1", "p/new", "o/r2");
            assertThat(walk(api, "/user/repos", "id")).containsExactly("1", "2", "3");
            assertThat(walk(api, "/repos/p/new/issues", "repository")).containsExactly("p/new", "p/new", "p/new");
            assertThat(walk(api, "/repos/o/r2/issues", "number")).containsExactly("1");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> github.addRepository("o", "r1", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> github.addRepository("p", "new", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> github.addRepository("p", "a/b", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> github.addRepository("p", "less", -1));
    }

    @Test
    void endsAtAWall() throws Exception {
        try (TestServer api = FakeRepositories.of(3, 12).resultWall(5).start()) {
            HttpResponse<String> cut = Client.get(api.uri(ISSUES + "?per_page=2&page=3"));
            assertThat(fields(cut, "number")).containsExactly("5");
            Matcher next = NEXT.matcher(cut.headers().firstValue("Link").orElse(""));
            assertThat(next.find()).isTrue();
            HttpResponse<String> refused = Client.get(URI.create(next.group(1)));
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("Only the first 5 results");
            // The wall is that of each query.
            assertThat(fields(Client.get(api.uri(ISSUES + "?since=2024-01-01T00:06:00Z")), "number"))
                    .isEqualTo(numbers(6, 10));
            assertThat(walk(api, "/user/repos?per_page=1", "id")).hasSize(3);
        }
    }

    @Test
    void forgetsItsPagesButNotTheFirst() throws Exception {
        FakeRepositories github =
                FakeRepositories.of(1, 4).expiringPages().onPage(2).once();
        try (TestServer api = github.start()) {
            assertThat(Client.get(api.uri(ISSUES + "?per_page=2")).statusCode()).isEqualTo(200);
            assertThat(Client.get(api.uri(ISSUES + "?per_page=2&page=2")).statusCode())
                    .isEqualTo(410);
            assertThat(Client.get(api.uri(ISSUES + "?per_page=2&page=2")).statusCode())
                    .isEqualTo(200);
        }
        try (TestServer api = FakeRepositories.of(1, 4).expiringPages().always().start()) {
            assertThat(Client.get(api.uri(ISSUES)).statusCode()).isEqualTo(200);
            assertThat(Client.get(api.uri(ISSUES + "?page=2")).statusCode()).isEqualTo(410);
        }
    }

    @Test
    void refusesTheIssuesOfOneRepository() throws Exception {
        FakeRepositories github =
                FakeRepositories.of(3, 1).answering("o/r1", 403).answering("o/r3", 500);
        try (TestServer api = github.start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(Client.get(api.uri(ISSUES)).statusCode()).isEqualTo(403);
            }
            assertThat(Client.get(api.uri("/repos/o/r2/issues")).statusCode()).isEqualTo(200);
            assertThat(Client.get(api.uri("/repos/o/r3/issues")).statusCode()).isEqualTo(500);
            assertThat(walk(api, "/user/repos", "name")).containsExactly("r1", "r2", "r3");
        }
    }

    @Test
    void knowsNothingElse() throws Exception {
        try (TestServer api = FakeRepositories.of(2, 1).start()) {
            for (String path :
                    List.of("/repos/o/r3/issues", "/repos/o/r0/issues", "/repos/p/r1/issues", "/", "/user")) {
                assertThat(Client.get(api.uri(path)).statusCode()).isEqualTo(404);
            }
            assertThat(Client.post(api.uri(ISSUES), "{}").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void refusesSenselessSettings() {
        FakeRepositories github = FakeRepositories.of(1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> FakeRepositories.of(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> FakeRepositories.of(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> github.resultWall(0));
        assertThatIllegalArgumentException().isThrownBy(() -> github.answering("o/r1", 600));
        assertThatIllegalArgumentException().isThrownBy(() -> github.touch("o", "r2", 1, Instant.EPOCH));
        assertThatIllegalArgumentException().isThrownBy(() -> github.touch("o", "r1", 2, Instant.EPOCH));
        assertThatIllegalArgumentException().isThrownBy(() -> github.add("p", "r1", Instant.EPOCH));
    }

    private static List<String> walk(TestServer api, String path, String field) throws Exception {
        List<String> all = new ArrayList<>();
        URI next = api.uri(path);
        while (true) {
            HttpResponse<String> page = Client.get(next);
            assertThat(page.statusCode()).isEqualTo(200);
            all.addAll(fields(page, field));
            Matcher link = NEXT.matcher(page.headers().firstValue("Link").orElse(""));
            if (!link.find()) {
                return all;
            }
            next = URI.create(link.group(1));
        }
    }

    private static List<String> fields(HttpResponse<String> page, String field) {
        return StreamSupport.stream(JsonText.read(page.body()).spliterator(), false)
                .map(item -> item.path(field).asString())
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }
}
