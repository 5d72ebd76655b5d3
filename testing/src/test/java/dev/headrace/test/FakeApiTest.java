package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FakeApiTest {

    private static final String PATH = "/repos/o/r/issues";
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");
    private static final FakeApi ISSUES = FakeApi.linkHeader(PATH, FakeApi.issues(250));

    @Test
    void servesAllItemsOverItsLinks() throws Exception {
        try (TestServer api = ISSUES.start()) {
            List<String> bodies = new ArrayList<>();
            Optional<URI> page = Optional.of(api.uri(PATH + "?state=all"));
            while (page.isPresent()) {
                HttpResponse<String> response = Client.get(page.get());
                bodies.add(response.body());
                page = next(response);
            }

            assertThat(bodies).hasSize(3);
            assertThat(String.join("", bodies).split("\"number\":", -1)).hasSize(251);
            assertThat(bodies.get(2)).contains("\"number\":250,").endsWith("}]");
            assertThat(api.requests())
                    .extracting(request -> request.query("state").orElse(""))
                    .containsOnly("all");
        }
    }

    @Test
    void takesThePageSizeFromTheQuery() throws Exception {
        try (TestServer api = ISSUES.pageSize(7).start()) {
            assertThat(Client.get(api.uri(PATH)).body())
                    .contains("\"number\":7,")
                    .doesNotContain("\"number\":8,");
            assertThat(Client.get(api.uri(PATH + "?per_page=2&page=2")).body())
                    .contains("\"number\":3,", "\"number\":4,")
                    .doesNotContain("\"number\":5,");
            assertThat(Client.get(api.uri(PATH + "?page=99")).body()).isEqualTo("[]");
        }
    }

    @Test
    void failsThePageItWasToldToAndOnlyOnce() throws Exception {
        try (TestServer api =
                ISSUES.failing(503).header("Retry-After", "7").onPage(2).once().start()) {
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            HttpResponse<String> failed = Client.get(api.uri(PATH + "?page=2"));
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(failed.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(Client.get(api.uri(PATH + "?page=2")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void faultsStartAnewInEachCopy() throws Exception {
        FakeApi failing = ISSUES.failing(500).times(2);
        try (TestServer first = failing.start();
                TestServer second = failing.pageSize(10).start()) {
            assertThat(Client.get(first.uri(PATH)).statusCode()).isEqualTo(500);
            assertThat(Client.get(first.uri(PATH)).statusCode()).isEqualTo(500);
            assertThat(Client.get(first.uri(PATH)).statusCode()).isEqualTo(200);
            assertThat(Client.get(second.uri(PATH)).statusCode()).isEqualTo(500);
        }
    }

    @Test
    void cutsAPageInEveryFraming() throws Exception {
        try (TestServer api = ISSUES.truncating()
                .onRequest(1)
                .once()
                .truncatingChunks()
                .onRequest(2)
                .once()
                .truncatingUnframed()
                .onRequest(3)
                .once()
                .start()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Client.get(api.uri(PATH)));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Client.get(api.uri(PATH)));
            HttpResponse<String> unframed = Client.get(api.uri(PATH));
            assertThat(unframed.headers().firstValue("Content-Length")).isEmpty();
            assertThat(unframed.headers().firstValue("Transfer-Encoding")).isEmpty();
            assertThat(unframed.body()).startsWith("[{").doesNotEndWith("]");
            assertThat(Client.get(api.uri(PATH)).body()).endsWith("]");
        }
    }

    @Test
    void dropsStallsAndDelays() throws Exception {
        try (TestServer api = ISSUES.dropping()
                .onRequest(1)
                .once()
                .stalling()
                .onRequest(2)
                .once()
                .delaying(Duration.ofMillis(100))
                .onRequest(3)
                .once()
                .start()) {
            assertThat(Client.exchange(api, "GET " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .isEmpty();
            assertThat(Client.exchangeUntilSilence(api, "GET " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .contains("[{\"number\":1,")
                    .doesNotEndWith("]")
                    .doesNotEndWith("<closed>");
            long before = System.nanoTime();
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(95));
        }
    }

    @Test
    void answersSomethingElse() throws Exception {
        try (TestServer api = ISSUES.answering("text/html", "<html>").once().start()) {
            HttpResponse<String> page = Client.get(api.uri(PATH));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).isEqualTo("<html>");
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html");
        }
    }

    @Test
    void refusesRequestsAboveItsRate() throws Exception {
        try (TestServer api = ISSUES.rateLimit(2, Duration.ofMinutes(1)).start()) {
            assertThat(Client.get(api.uri(PATH)).headers().firstValue("X-RateLimit-Remaining"))
                    .hasValue("1");
            Client.get(api.uri(PATH));
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(58L, 60L);
        }
    }

    @Test
    void allowsMoreInTheNextWindow() throws Exception {
        try (TestServer api = ISSUES.rateLimit(1, Duration.ofMillis(150)).start()) {
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Client.get(api.uri(PATH)).statusCode() == 200);
        }
    }

    @Test
    void answers304ToTheSamePage() throws Exception {
        try (TestServer api = ISSUES.start()) {
            String etag = Client.get(api.uri(PATH)).headers().firstValue("ETag").orElseThrow();
            assertThat(etag).startsWith("W/");
            assertThat(Client.get(api.uri(PATH), "If-None-Match", etag).statusCode())
                    .isEqualTo(304);
            assertThat(Client.get(api.uri(PATH + "?page=2"), "If-None-Match", etag)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void leadsToPagesUnderTheNumberOfTheRepository() throws Exception {
        FakeApi numbered = ISSUES.links(NextLink.absolute().under("/repositories/7/issues"));
        try (TestServer api = numbered.start()) {
            URI second = next(Client.get(api.uri(PATH + "?per_page=100"))).orElseThrow();
            assertThat(second).hasPath("/repositories/7/issues").hasQuery("per_page=100&page=2");
            URI third = next(Client.get(second)).orElseThrow();
            assertThat(third).hasPath("/repositories/7/issues");
            assertThat(Client.get(third).body()).contains("\"number\":250,");
        }
    }

    @Test
    void saysWhereARenamedRepositoryIsNow() throws Exception {
        String former = "/repos/o/former/issues";
        try (TestServer api = ISSUES.renamedFrom(former).start();
                TestServer numbered = ISSUES.links(NextLink.absolute().under("/repositories/7/issues"))
                        .renamedFrom(former)
                        .start()) {
            HttpResponse<String> moved = Client.get(api.uri(former + "?per_page=3"));
            assertThat(moved.statusCode()).isEqualTo(301);
            assertThat(moved.headers().firstValue("Location"))
                    .hasValue(api.uri(PATH + "?per_page=3").toString());
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            assertThat(Client.get(numbered.uri(former)).headers().firstValue("Location"))
                    .hasValue(numbered.uri("/repositories/7/issues").toString());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeApi.linkHeader(List.of()).renamedFrom(former));
    }

    @Test
    void hasASecondaryLimitWithAndWithoutRetryAfter() throws Exception {
        try (TestServer api = ISSUES.rateLimit(100, Duration.ofHours(1))
                .secondaryLimit(403)
                .onRequest(1)
                .once()
                .secondaryLimit(429)
                .header("Retry-After", "60")
                .onRequest(2)
                .once()
                .start()) {
            HttpResponse<String> silent = Client.get(api.uri(PATH));
            assertThat(silent.statusCode()).isEqualTo(403);
            assertThat(silent.headers().firstValue("X-RateLimit-Remaining")).hasValue("14");
            assertThat(silent.headers().firstValue("Retry-After")).isEmpty();
            assertThat(silent.body()).contains("secondary rate limit");
            HttpResponse<String> clear = Client.get(api.uri(PATH));
            assertThat(clear.statusCode()).isEqualTo(429);
            assertThat(clear.headers().firstValue("Retry-After")).hasValue("60");
        }
    }

    @Test
    void tellsTheResetOfItsPrimaryLimitByItsOwnClock() throws Exception {
        Duration ahead = Duration.ofHours(5);
        try (TestServer api = ISSUES.clockSkew(ahead)
                .exhausting(403, Duration.ofMinutes(1))
                .once()
                .start()) {
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            Instant expected = Instant.now().plus(ahead);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(refused.headers().firstValueAsLong("X-RateLimit-Reset").orElse(0))
                    .isBetween(expected.getEpochSecond() + 50, expected.getEpochSecond() + 61);
            assertThat(refused.headers().firstValue("Date").map(FakeApiTest::parsed))
                    .hasValueSatisfying(
                            date -> assertThat(date).isBetween(expected.minusSeconds(10), expected.plusSeconds(1)));
        }
        try (TestServer api =
                ISSUES.rateLimit(9, Duration.ofMinutes(1)).clockSkew(ahead).start()) {
            assertThat(Client.get(api.uri(PATH))
                            .headers()
                            .firstValueAsLong("X-RateLimit-Reset")
                            .orElse(0))
                    .isGreaterThan(Instant.now().plus(ahead).getEpochSecond());
        }
    }

    @Test
    void countsNo304AgainstItsRate() throws Exception {
        try (TestServer api = ISSUES.rateLimit(2, Duration.ofMinutes(1)).start()) {
            String etag = Client.get(api.uri(PATH)).headers().firstValue("ETag").orElseThrow();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> same = Client.get(api.uri(PATH), "If-None-Match", etag);
                assertThat(same.statusCode()).isEqualTo(304);
                assertThat(same.headers().firstValue("X-RateLimit-Remaining")).hasValue("1");
            }
        }
    }

    @Test
    void writesItsLinksInManyForms() throws Exception {
        assertThat(link(NextLink.relative())).startsWith("<" + PATH + "?page=2>; rel=\"next\"");
        assertThat(link(NextLink.onOrigin("http://evil.test"))).startsWith("<http://evil.test" + PATH + "?page=2>");
        assertThat(link(NextLink.repeating())).endsWith(PATH + "?page=1>; rel=\"next\"");
        assertThat(link(NextLink.relative().with("</help>; rel=\"help\"")))
                .startsWith("</help>; rel=\"help\", <" + PATH + "?page=2>; rel=\"next\", ");
        assertThat(link(NextLink.relative().unquoted())).contains("; rel=next, ");
        assertThat(link(NextLink.absolute().loose())).contains("REL=\"other next\"");
    }

    @Test
    void isMountedUnderAnyPath() throws Exception {
        try (TestServer server = TestServer.builder()
                .route("/elsewhere", FakeApi.linkHeader(List.of("1", "2", "3")).pageSize(2))
                .start()) {
            HttpResponse<String> first = Client.get(server.uri("/elsewhere"));
            assertThat(first.body()).isEqualTo("[1,2]");
            assertThat(next(first)).hasValue(server.uri("/elsewhere?page=2"));
        }
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ISSUES.pageSize(0))
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ISSUES.failing(500).times(0))
                .withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> ISSUES.rateLimit(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> ISSUES.rateLimit(1, Duration.ZERO));
    }

    private static Instant parsed(String date) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    }

    private static String link(NextLink form) throws Exception {
        try (TestServer api = ISSUES.links(form).start()) {
            return Client.get(api.uri(PATH)).headers().firstValue("Link").orElse("");
        }
    }

    private static Optional<URI> next(HttpResponse<String> response) {
        Matcher next = NEXT.matcher(response.headers().firstValue("Link").orElse(""));
        return next.find() ? Optional.of(URI.create(next.group(1))) : Optional.empty();
    }
}
