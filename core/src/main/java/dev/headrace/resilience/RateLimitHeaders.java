package dev.headrace.resilience;

import dev.headrace.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what servers say in response headers about what they have left for us, in the dialects they say it in. What is malformed is as if it
 * were not there.
 *
 * <ul>
 *   <li>{@code RateLimit} and {@code RateLimit-Policy}, structured fields (RFC 9651) of the IETF draft: {@code "default";r=50;t=30}; also its
 *       older forms {@code limit=100, remaining=50, reset=30} and {@code RateLimit-Limit}, {@code -Remaining}, {@code -Reset}
 *   <li>{@code X-RateLimit-Limit}, {@code -Remaining}, {@code -Reset} and {@code X-Rate-Limit-…}; the reset as seconds or milliseconds since
 *       1970, as seconds left, or as a duration such as {@code 6m30s}
 *   <li>{@code x-ratelimit-limit-requests} and so on, and the same for {@code -tokens} (OpenAI and those that imitate it)
 *   <li>{@code X-Shopify-Shop-Api-Call-Limit: 32/40}, a bucket that leaks two requests a second
 *   <li>{@code X-HubSpot-RateLimit-Max}, {@code -Remaining}, {@code -Interval-Milliseconds}, and its daily quota
 * </ul>
 */
final class RateLimitHeaders {

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})(?:\\.\\d*)?(?:\\s*[,;].*)?");
    private static final Pattern DECIMAL = Pattern.compile("(\\d{1,15})(\\.\\d{1,9}\\d*)?");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|us|µs|ns|d|h|m|s)");
    private static final Pattern SHOPIFY = Pattern.compile("(\\d{1,9})/(\\d{1,9})");
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long NOT_SAID = -1;

    /**
     * What a server said about one quota.
     *
     * @param name which of its quotas
     * @param requests whether it counts requests; otherwise something else, such as tokens
     * @param trickles whether it comes back bit by bit, and not all together at the reset
     * @param limit how much there is in all; -1 if not said
     * @param remaining how much is left
     * @param resetNanos how long until all of it is back; -1 if not said
     */
    record Quota(String name, boolean requests, boolean trickles, long limit, long remaining, long resetNanos) {}

    /** An item or member of a structured field: its bare name, and its parameters. */
    private record Item(String name, Map<String, String> parameters) {}

    private final Headers headers;
    private final Instant sentAt;
    private final List<Quota> quotas = new ArrayList<>(2);

    private RateLimitHeaders(Headers headers, Instant now) {
        this.headers = headers;
        this.sentAt = headers.first("Date").flatMap(RateLimitHeaders::date).orElse(now);
    }

    /**
     * Reads all dialects.
     *
     * @param headers of a response
     * @param now what a point in time is measured against if the response has no {@code Date}
     * @return what was found; mostly nothing or one
     */
    static List<Quota> read(Headers headers, Instant now) {
        RateLimitHeaders reading = new RateLimitHeaders(headers, now);
        reading.structured();
        reading.triple("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "ratelimit", true, false);
        for (String prefix : List.of("X-RateLimit-", "X-Rate-Limit-")) {
            reading.triple(prefix + "Limit", prefix + "Remaining", prefix + "Reset", "x-ratelimit", true, false);
            reading.ofKind(prefix, "-requests", true);
            reading.ofKind(prefix, "-tokens", false);
        }
        reading.shopify();
        reading.hubSpot();
        return reading.quotas;
    }

    private void ofKind(String prefix, String kind, boolean requests) {
        // Their reset says when all is back, and it comes back bit by bit.
        triple(
                prefix + "Limit" + kind,
                prefix + "Remaining" + kind,
                prefix + "Reset" + kind,
                "x-ratelimit" + kind,
                requests,
                requests);
    }

    private void triple(String limit, String remaining, String reset, String name, boolean requests, boolean trickles) {
        OptionalLong left = number(remaining);
        if (left.isPresent()) {
            long all = number(limit).orElse(NOT_SAID);
            long nanos =
                    headers.first(reset).map(String::trim).map(this::untilReset).orElse(NOT_SAID);
            quotas.add(new Quota(name, requests, trickles && all > 0, all, left.getAsLong(), nanos));
        }
    }

    /** Draft-ietf-httpapi-ratelimit-headers. */
    private void structured() {
        Map<String, Item> policies = new HashMap<>();
        items("RateLimit-Policy").forEach(policy -> policies.put(policy.name(), policy));
        Map<String, String> members = new HashMap<>();
        for (Item item : items("RateLimit")) {
            Item policy = policies.get(item.name());
            long limit = policy == null
                    ? NOT_SAID
                    : whole(policy.parameters().get("q")).orElse(NOT_SAID);
            long reset = nanos(whole(item.parameters().get("t")));
            whole(item.parameters().get("r"))
                    .ifPresent(
                            left -> quotas.add(new Quota("ratelimit " + item.name(), true, false, limit, left, reset)));
            // The older form is a dictionary: its members look like items with a value.
            item.parameters().forEach(members::putIfAbsent);
        }
        OptionalLong left = whole(members.get("=remaining"));
        if (left.isPresent()) {
            quotas.add(new Quota(
                    "ratelimit",
                    true,
                    false,
                    whole(members.get("=limit")).orElse(NOT_SAID),
                    left.getAsLong(),
                    nanos(whole(members.get("=reset")))));
        }
    }

    private void shopify() {
        headers.first("X-Shopify-Shop-Api-Call-Limit")
                .map(String::trim)
                .map(SHOPIFY::matcher)
                .filter(Matcher::matches)
                .ifPresent(calls -> {
                    long used = Long.parseLong(calls.group(1));
                    long limit = Long.parseLong(calls.group(2));
                    // A bucket of 40 leaks two a second, larger ones (of other plans) in proportion.
                    long reset = limit == 0 ? 0 : Duration.ofSeconds(20).toNanos() / limit * used;
                    quotas.add(new Quota("shopify", true, true, limit, Math.max(0, limit - used), reset));
                });
    }

    private void hubSpot() {
        number("X-HubSpot-RateLimit-Remaining").ifPresent(left -> {
            OptionalLong interval = number("X-HubSpot-RateLimit-Interval-Milliseconds");
            long reset = interval.isPresent()
                    ? Duration.ofMillis(Math.min(interval.getAsLong(), LONGEST.toMillis()))
                            .toNanos()
                    : NOT_SAID;
            quotas.add(new Quota(
                    "hubspot", true, false, number("X-HubSpot-RateLimit-Max").orElse(NOT_SAID), left, reset));
        });
        // When the day ends is not said. Only an empty one matters, and then nothing helps for long.
        number("X-HubSpot-RateLimit-Daily-Remaining").stream()
                .filter(left -> left == 0)
                .forEach(left -> quotas.add(new Quota(
                        "hubspot-daily",
                        true,
                        false,
                        number("X-HubSpot-RateLimit-Daily").orElse(NOT_SAID),
                        0,
                        Duration.ofHours(1).toNanos())));
    }

    private OptionalLong number(String header) {
        return headers.first(header)
                .map(String::trim)
                .map(NUMBER::matcher)
                .filter(Matcher::matches)
                .map(number -> OptionalLong.of(Long.parseLong(number.group(1))))
                .orElseGet(OptionalLong::empty);
    }

    /** A reset tells by its size what it is: nobody waits for thirty years. */
    private long untilReset(String value) {
        Matcher decimal = DECIMAL.matcher(value);
        if (decimal.matches()) {
            double number = Double.parseDouble(value);
            double sent = sentAt.toEpochMilli() / 1000.0;
            double seconds = number < 1e9 ? number : number < 1e11 ? number - sent : number / 1000 - sent;
            return (long) (Math.max(0, Math.min(seconds, (double) LONGEST.toSeconds())) * 1e9);
        }
        return duration(value);
    }

    private static long duration(String value) {
        Matcher part = DURATION_PART.matcher(value);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            nanos += Double.parseDouble(part.group(1))
                    * switch (part.group(2)) {
                        case "d" -> 86_400e9;
                        case "h" -> 3_600e9;
                        case "m" -> 60e9;
                        case "s" -> 1e9;
                        case "ms" -> 1e6;
                        case "us", "µs" -> 1e3;
                        default -> 1;
                    };
        }
        return end == 0 || end < value.length() ? NOT_SAID : (long) Math.min(nanos, (double) LONGEST.toNanos());
    }

    private static OptionalLong whole(@Nullable String value) {
        return value != null && value.matches("\\d{1,15}")
                ? OptionalLong.of(Long.parseLong(value))
                : OptionalLong.empty();
    }

    private static long nanos(OptionalLong seconds) {
        return seconds.isPresent()
                ? Duration.ofSeconds(capped(seconds.getAsLong())).toNanos()
                : NOT_SAID;
    }

    private static long capped(long seconds) {
        return Math.min(seconds, LONGEST.toSeconds());
    }

    /** The items of a list (RFC 9651 §3.1), as far as this field needs them; members of a dictionary get an {@code =} before their name. */
    private List<Item> items(String header) {
        List<Item> items = new ArrayList<>();
        for (String text : split(String.join(",", headers.all(header)), ',')) {
            List<String> parts = split(text, ';');
            if (parts.isEmpty()) {
                continue;
            }
            Map<String, String> parameters = new HashMap<>();
            String name = parts.get(0);
            for (int i = 0; i < parts.size(); i++) {
                int equals = parts.get(i).indexOf('=');
                if (equals > 0 && !parts.get(i).startsWith("\"")) {
                    String key = parts.get(i).substring(0, equals).trim().toLowerCase(Locale.ROOT);
                    parameters.put(
                            i == 0 ? "=" + key : key,
                            parts.get(i).substring(equals + 1).trim());
                }
            }
            items.add(new Item(name.replace("\"", ""), parameters));
        }
        return items;
    }

    /** Splits outside quotes; what is empty is left out. */
    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == at && !quoted) {
                addTo(parts, part);
            } else {
                part.append(c);
            }
        }
        addTo(parts, part);
        return parts;
    }

    private static void addTo(List<String> parts, StringBuilder part) {
        String trimmed = part.toString().trim();
        if (!trimmed.isEmpty()) {
            parts.add(trimmed);
        }
        part.setLength(0);
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
