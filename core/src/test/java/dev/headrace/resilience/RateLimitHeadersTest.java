package dev.headrace.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Headers;
import dev.headrace.resilience.RateLimitHeaders.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows L68 and A48: the dialects in which servers say what is left. */
class RateLimitHeadersTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_767_225_600);

    /** Limit and remaining, -1 for not said; the reset in milliseconds. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-RateLimit-Limit: 60 / X-RateLimit-Remaining: 59 / X-RateLimit-Reset: 1767225630         | 60   | 59  | 30000
            x-ratelimit-limit: 60 / x-ratelimit-remaining: 59 / x-ratelimit-reset: 1767225630500      | 60   | 59  | 30500
            X-RateLimit-Limit: 60 / X-RateLimit-Remaining: 0 / X-RateLimit-Reset: 30                  | 60   | 0   | 30000
            X-RateLimit-Remaining: 598.0 / X-RateLimit-Reset: 0.5                                     | -1   | 598 | 500
            X-RateLimit-Remaining: 7 / X-RateLimit-Reset: 1767225500                                  | -1   | 7   | 0
            X-RateLimit-Remaining: 7 / X-RateLimit-Reset: 6m30s                                       | -1   | 7   | 390000
            X-RateLimit-Remaining: 7 / X-RateLimit-Reset: soon                                        | -1   | 7   | -1
            X-RateLimit-Remaining: 7                                                                  | -1   | 7   | -1
            X-Rate-Limit-Limit: 15 / X-Rate-Limit-Remaining: 14 / X-Rate-Limit-Reset: 1767225601      | 15   | 14  | 1000
            x-ratelimit-limit-requests: 60 / x-ratelimit-remaining-requests: 59 / x-ratelimit-reset-requests: 1s   | 60 | 59 | 1000
            x-ratelimit-limit-requests: 60 / x-ratelimit-remaining-requests: 59 / x-ratelimit-reset-requests: 120ms | 60 | 59 | 120
            RateLimit-Limit: 100, 100;w=60 / RateLimit-Remaining: 50 / RateLimit-Reset: 30            | 100  | 50  | 30000
            RateLimit: limit=100, remaining=50, reset=30                                              | 100  | 50  | 30000
            RateLimit: "default";r=50;t=30                                                            | -1   | 50  | 30000
            RateLimit: "a;,b";r=50;t=30 / RateLimit-Policy: "x";q=1;w=1, "a;,b";q=100;w=60            | 100  | 50  | 30000
            RateLimit: default;r=0                                                                    | -1   | 0   | -1
            X-Shopify-Shop-Api-Call-Limit: 32/40                                                      | 40   | 8   | 16000
            X-HubSpot-RateLimit-Max: 100 / X-HubSpot-RateLimit-Remaining: 99 / X-HubSpot-RateLimit-Interval-Milliseconds: 10000 | 100 | 99 | 10000
            X-HubSpot-RateLimit-Daily: 250000 / X-HubSpot-RateLimit-Daily-Remaining: 0                | 250000 | 0 | 3600000
            """)
    void readsEveryDialect(String lines, long limit, long remaining, long resetMillis) {
        assertThat(RateLimitHeaders.read(headers(lines), NOW)).singleElement().satisfies(quota -> {
            assertThat(quota.limit()).isEqualTo(limit);
            assertThat(quota.remaining()).isEqualTo(remaining);
            assertThat(quota.resetNanos())
                    .isEqualTo(
                            resetMillis < 0
                                    ? -1
                                    : Duration.ofMillis(resetMillis).toNanos());
            assertThat(quota.requests()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-RateLimit-Remaining: many",
                "X-RateLimit-Remaining: -1",
                "X-RateLimit-Remaining: 99999999999999999999",
                "X-RateLimit-Remaining: ",
                "X-RateLimit-Limit: 60",
                "RateLimit: \"default\"",
                "RateLimit: ;;,,;",
                "RateLimit: \"unclosed;r=1;t=2",
                "RateLimit: \"default\";r=x;t=1",
                "X-Shopify-Shop-Api-Call-Limit: 32",
                "X-Shopify-Shop-Api-Call-Limit: a/b",
                "X-HubSpot-RateLimit-Daily-Remaining: 249000",
                "Content-Type: text/plain"
            })
    void ignoresWhatItCannotRead(String line) {
        assertThat(RateLimitHeaders.read(headers(line), NOW)).isEmpty();
    }

    @Test
    void measuresAPointInTimeAgainstTheServersOwnClock() {
        Headers headers = headers("X-RateLimit-Remaining: 1 / X-RateLimit-Reset: 1767225630")
                .with("Date", "Thu, 01 Jan 2026 00:00:20 GMT");

        assertThat(RateLimitHeaders.read(headers, NOW.plusSeconds(7200)))
                .extracting(Quota::resetNanos)
                .containsExactly(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void believesNoResetBeyondAYear() {
        assertThat(RateLimitHeaders.read(headers("X-RateLimit-Remaining: 1 / X-RateLimit-Reset: 99999999999999"), NOW))
                .extracting(Quota::resetNanos)
                .containsExactly(Duration.ofDays(365).toNanos());
    }

    @Test
    void readsRequestsAndTokensSideBySide() {
        assertThat(RateLimitHeaders.read(
                        headers("x-ratelimit-remaining-requests: 5 / x-ratelimit-reset-requests: 1s"
                                + " / x-ratelimit-remaining-tokens: 0 / x-ratelimit-reset-tokens: 6m0s"),
                        NOW))
                .extracting(Quota::requests, Quota::remaining)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(true, 5L), org.assertj.core.groups.Tuple.tuple(false, 0L));
    }

    @Test
    void noRubbishMakesItFail() {
        Random random = new Random(5);
        String[] names = {
            "RateLimit",
            "RateLimit-Policy",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "Date",
            "X-Shopify-Shop-Api-Call-Limit"
        };
        String signs = "0123456789;=,\"rtqw/ .-smh:";
        for (int round = 0; round < 20_000; round++) {
            Headers headers = Headers.none();
            for (String name : names) {
                StringBuilder value = new StringBuilder();
                for (int i = random.nextInt(20); i > 0; i--) {
                    value.append(signs.charAt(random.nextInt(signs.length())));
                }
                headers = headers.with(name, value.toString().trim());
            }
            assertThat(RateLimitHeaders.read(headers, NOW))
                    .allMatch(quota -> quota.remaining() >= 0 && quota.resetNanos() >= -1);
        }
    }

    private static Headers headers(String lines) {
        Headers headers = Headers.none();
        for (String line : lines.split(" / ", -1)) {
            int colon = line.indexOf(':');
            headers = headers.with(
                    line.substring(0, colon).trim(), line.substring(colon + 1).trim());
        }
        return headers;
    }
}
