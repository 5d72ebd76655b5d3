package dev.headrace.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Objects in the style of HubSpot: {@code paging.next.after}, a sliding window of requests, and a search with a wall.
 *
 * <pre>{@code
 * FakeHubSpot.objects("contacts", FakeHubSpot.contacts(250)).searchWall(200).expiringToken().onRequest(3).once()
 * }</pre>
 *
 * <p>{@code GET /crm/v3/objects/contacts} takes {@code limit} (1 to 100, default 10) and {@code after}; {@code POST /crm/v3/objects/contacts/search}
 * takes both from a JSON body, and finds what its {@code filterGroups} say, in the order of the first of its {@code sorts}: properties that are times
 * or whole numbers, compared by {@code GTE}, {@code GT}, {@code LTE}, {@code LT} or {@code EQ} with milliseconds since 1970 (as text or number) or ISO
 * 8601. The last page has no {@code paging}; a link keeps what was asked. Bodies of 400 and 401 are general knowledge of this API.
 * Settings return a changed copy that counts from the beginning.
 */
public final class FakeHubSpot extends FaultyRoute<FakeHubSpot> {

    private enum Deviation {
        TOKEN_EXPIRED
    }

    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

    private record Limits(int requests, Duration interval, int daily, boolean dailyTold, InstantSource clock) {}

    private final String path;
    private final List<String> results;
    private final Limits limits;
    private final int searchWall;

    private final Deque<Instant> recent = new ArrayDeque<>();
    private final Set<String> expired = new HashSet<>();
    private int usedToday;

    private FakeHubSpot(String path, List<String> results, Limits limits, int searchWall, Faults<Answer> faults) {
        super(faults);
        this.path = path;
        this.results = results;
        this.limits = limits;
        this.searchWall = searchWall;
    }

    /**
     * Objects of one type.
     *
     * @param type for example {@code contacts}
     * @param results one JSON text each
     * @return 100 requests in 10 seconds, 250,000 a day, a wall at 10,000, no faults
     */
    public static FakeHubSpot objects(String type, List<String> results) {
        Limits limits = new Limits(100, Duration.ofSeconds(10), 250_000, true, InstantSource.system());
        return new FakeHubSpot("/crm/v3/objects/" + type, List.copyOf(results), limits, 10_000, Faults.none());
    }

    /**
     * Makes contacts to serve, with ids from 1, and properties {@code email} and {@code lastmodifieddate}: one minute apart from 2024-01-01.
     *
     * @param count how many
     * @return JSON objects
     */
    public static List<String> contacts(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n ->
                        "{\"id\":\"%d\",\"properties\":{\"email\":\"c%d@example.test\",\"lastmodifieddate\":\"%s\"},\"archived\":false}"
                                .formatted(n, n, FIRST.plusSeconds(60L * n)))
                .toList();
    }

    /**
     * How many requests may fall into any interval: more is 429 {@code TEN_SECONDLY_ROLLING}, without {@code Retry-After}.
     *
     * @param requests default 100
     * @param interval default 10 seconds
     * @return a changed copy
     */
    public FakeHubSpot rateLimit(int requests, Duration interval) {
        if (requests < 1 || interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "rateLimit must allow at least 1 request in more than no time: " + requests + ", " + interval);
        }
        return limited(new Limits(requests, interval, limits.daily(), limits.dailyTold(), limits.clock()));
    }

    /**
     * How many requests are answered at all: more is 429 {@code DAILY}, and the day does not end.
     *
     * @param requests default 250,000
     * @return a changed copy
     */
    public FakeHubSpot dailyLimit(int requests) {
        return limited(new Limits(limits.requests(), limits.interval(), requests, limits.dailyTold(), limits.clock()));
    }

    /**
     * Keeps the daily limit to itself, as HubSpot does with OAuth apps.
     *
     * @return a changed copy
     */
    public FakeHubSpot withoutDailyHeaders() {
        return limited(new Limits(limits.requests(), limits.interval(), limits.daily(), false, limits.clock()));
    }

    /**
     * Tells the time of the sliding window. Default: the system's clock.
     *
     * @param clock asked at every request, on an event loop
     * @return a changed copy
     */
    public FakeHubSpot clock(InstantSource clock) {
        return limited(new Limits(limits.requests(), limits.interval(), limits.daily(), limits.dailyTold(), clock));
    }

    /**
     * How far a search reads: {@code after} and {@code limit} together may not exceed it. Default 10,000.
     *
     * @param results at least 1
     * @return a changed copy
     */
    public FakeHubSpot searchWall(int results) {
        if (results < 1) {
            throw new IllegalArgumentException("searchWall must be at least 1: " + results);
        }
        return new FakeHubSpot(path, this.results, limits, results, faults());
    }

    /**
     * Ends the token of the request: 401 for it, now and later.
     *
     * @return when to do so
     */
    public Fault<FakeHubSpot> expiringToken() {
        return fault(Deviation.TOKEN_EXPIRED);
    }

    /**
     * Refuses a request as if others had used up the window, or the day.
     *
     * @param policyName {@code TEN_SECONDLY_ROLLING} or {@code DAILY}
     * @return when to do so
     */
    public Fault<FakeHubSpot> limiting(String policyName) {
        return refusing(429, tooMany(policyName));
    }

    @Override
    FakeHubSpot with(Faults<Answer> faults) {
        return new FakeHubSpot(path, results, limits, searchWall, faults);
    }

    @Override
    void admit(Answer answer, Asked asked) {
        Instant now = limits.clock().instant();
        while (!recent.isEmpty() && !recent.peek().plus(limits.interval()).isAfter(now)) {
            recent.remove();
        }
        if (usedToday == limits.daily()) {
            answer.failJson(429, tooMany("DAILY"));
        } else if (recent.size() == limits.requests()) {
            answer.failJson(429, tooMany("TEN_SECONDLY_ROLLING"));
        } else {
            recent.add(now);
            usedToday++;
        }
        answer.headers
                .set("X-HubSpot-RateLimit-Max", limits.requests())
                .set("X-HubSpot-RateLimit-Remaining", limits.requests() - recent.size())
                .set(
                        "X-HubSpot-RateLimit-Interval-Milliseconds",
                        limits.interval().toMillis());
        if (limits.dailyTold()) {
            answer.headers
                    .set("X-HubSpot-RateLimit-Daily", limits.daily())
                    .set("X-HubSpot-RateLimit-Daily-Remaining", limits.daily() - usedToday);
        }
    }

    @Override
    void fill(Answer answer, Asked asked) {
        String token = asked.header("Authorization").orElse("");
        if (answer.deviations.containsKey(Deviation.TOKEN_EXPIRED)) {
            expired.add(token);
        }
        if (expired.contains(token)) {
            refuse(answer, 401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired");
        } else if (asked.is("GET") && asked.path().equals(path)) {
            int limit = asked.number("limit", 10);
            page(answer, asked, results, limit, asked.parameter("after").orElse("0"), false);
        } else if (asked.is("POST") && asked.path().equals(path + "/search")) {
            search(answer, asked, asked.json());
        } else {
            refuse(answer, 404, "OBJECT_NOT_FOUND", "resource not found");
        }
    }

    private void search(Answer answer, Asked asked, JsonNode search) {
        try {
            List<String> found = HubSpotSearch.of(search).in(results);
            String after = search.path("after").asString("0");
            page(answer, asked, found, search.path("limit").asInt(10), after, true);
        } catch (IllegalArgumentException e) {
            refuse(answer, 400, "VALIDATION_ERROR", "Invalid input JSON: " + e.getMessage());
        }
    }

    private void page(Answer answer, Asked asked, List<String> results, int limit, String after, boolean search) {
        if (limit < 1 || limit > 100 || !after.matches("\\d{1,9}")) {
            refuse(answer, 400, "VALIDATION_ERROR", "limit or after is not valid");
            return;
        }
        int from = Math.min(results.size(), Integer.parseInt(after));
        if (search && Integer.parseInt(after) + limit > searchWall) {
            refuse(answer, 400, "VALIDATION_ERROR", "A search cannot page beyond " + searchWall + " results");
            return;
        }
        int to = Math.min(results.size(), from + limit);
        String link = search ? null : asked.origin() + asked.rawWith("after", Integer.toString(to));
        answer.json("{%s\"results\":%s%s}"
                .formatted(
                        search ? "\"total\":" + results.size() + "," : "",
                        JsonText.array(results.subList(from, to)),
                        to == results.size() ? "" : paging(to, link)));
    }

    private static String paging(int after, @Nullable String link) {
        return ",\"paging\":{\"next\":{\"after\":\"%d\"%s}}"
                .formatted(after, link == null ? "" : ",\"link\":" + JsonText.quoted(link));
    }

    private FakeHubSpot limited(Limits limits) {
        return new FakeHubSpot(path, results, limits, searchWall, faults());
    }

    private static void refuse(Answer answer, int status, String category, String message) {
        answer.failJson(
                status,
                "{\"status\":\"error\",\"message\":%s,\"correlationId\":\"c033cdaa-0000-0000-0000-000000000000\",\"category\":\"%s\"}"
                        .formatted(JsonText.quoted(message), category));
    }

    private static String tooMany(String policyName) {
        String name = policyName.equals("DAILY") ? "daily" : "ten_secondly_rolling";
        return "{\"status\":\"error\",\"message\":\"You have reached your %s limit.\",\"errorType\":\"RATE_LIMIT\",\"correlationId\":\"c033cdaa-0000-0000-0000-000000000000\",\"policyName\":\"%s\"}"
                .formatted(name, policyName);
    }
}
