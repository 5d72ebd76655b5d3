package dev.headrace.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * An index in the style of Elasticsearch: a point in time that is opened, read with {@code search_after} in a {@code POST} body, and closed.
 *
 * <pre>{@code
 * FakeElasticsearch logs = FakeElasticsearch.index("logs", FakeElasticsearch.hits(7)).refusingOldIds();
 * try (TestServer api = logs.start()) {
 *     …
 *     assertThat(logs.openPointsInTime()).isZero();
 * }
 * }</pre>
 *
 * <p>{@code POST /logs/_pit?keep_alive=1m} opens, {@code POST /_search} reads (without a point in time {@code /logs/_search}, with {@code from}), {@code
 * DELETE /_pit} closes. The id of a point in time changes on every reply; older ones keep working until {@link #refusingOldIds()}. Sort values must
 * come back digit for digit: any others are refused, though a real server would look for the next hit. Bodies of errors are general knowledge of this
 * API. Settings return a changed copy, in which nothing is open.
 */
public final class FakeElasticsearch extends FaultyRoute<FakeElasticsearch> {

    private enum Deviation {
        EXPIRED,
        SHARDS_FAILED,
        TIMED_OUT
    }

    private static final int SHARDS = 5;

    private final String index;
    private final List<String> hits;
    private final int resultWindow;
    private final boolean oldIdsRefused;

    private final List<String> sorts;

    /** The newest id of each point in time that is open. */
    private final Map<Integer, String> open = new HashMap<>();

    private int opened;
    private int ids;

    private FakeElasticsearch(
            String index, List<String> hits, int resultWindow, boolean oldIdsRefused, Faults<Answer> faults) {
        super(faults);
        this.index = index;
        this.hits = hits;
        this.resultWindow = resultWindow;
        this.oldIdsRefused = oldIdsRefused;
        this.sorts = hits.stream().map(hit -> JsonText.written(hit, "sort")).toList();
    }

    /**
     * One index.
     *
     * @param index its name
     * @param hits JSON objects with {@code _id}, {@code _source} and a {@code sort} array of its own, in the order of a search
     * @return a result window of 10,000, no faults
     */
    public static FakeElasticsearch index(String index, List<String> hits) {
        return new FakeElasticsearch(index, List.copyOf(hits), 10_000, false, Faults.none());
    }

    /**
     * Makes hits to serve; the second sort value is odd and beyond 2⁵³, where a {@code double} would lose its last digit.
     *
     * @param count how many
     * @return JSON objects
     */
    public static List<String> hits(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n ->
                        "{\"_index\":\"logs\",\"_id\":\"h%d\",\"_score\":null,\"_source\":{\"n\":%d},\"sort\":[%d,%d]}"
                                .formatted(n, n, 1_767_225_600_000L + n, 9_007_199_254_740_993L + 2L * n))
                .toList();
    }

    /**
     * The wall: {@code from} and {@code size} together may not exceed it. Default 10,000.
     *
     * @param hits at least 1
     * @return a changed copy
     */
    public FakeElasticsearch resultWindow(int hits) {
        if (hits < 1) {
            throw new IllegalArgumentException("resultWindow must be at least 1: " + hits);
        }
        return new FakeElasticsearch(index, this.hits, hits, oldIdsRefused, faults());
    }

    /**
     * Knows a point in time by its newest id only.
     *
     * @return a changed copy
     */
    public FakeElasticsearch refusingOldIds() {
        return new FakeElasticsearch(index, hits, resultWindow, true, faults());
    }

    /**
     * Forgets the point in time of the request: 404 {@code search_context_missing_exception}, now and later.
     *
     * @return when to do so
     */
    public Fault<FakeElasticsearch> expiring() {
        return fault(Deviation.EXPIRED);
    }

    /**
     * Answers 200 with what some shards have found, and with the number of those that failed.
     *
     * @param shards 1 to 5
     * @param hits at most on the page
     * @return when to do so
     */
    public Fault<FakeElasticsearch> failingShards(int shards, int hits) {
        return partial(Deviation.SHARDS_FAILED, Integer.toString(shards), hits);
    }

    /**
     * Answers 200 with {@code "timed_out":true} and what was found by then.
     *
     * @param hits at most on the page
     * @return when to do so
     */
    public Fault<FakeElasticsearch> timingOut(int hits) {
        return partial(Deviation.TIMED_OUT, "", hits);
    }

    /**
     * Refuses a request because the queue is full: 429 {@code es_rejected_execution_exception}.
     *
     * @return when to do so
     */
    public Fault<FakeElasticsearch> rejecting() {
        return refusing(429, error(429, "es_rejected_execution_exception", "rejected execution of search"));
    }

    /**
     * How many points in time have been opened.
     *
     * @return closed and expired ones included
     */
    public synchronized int pointsInTimeOpened() {
        return opened;
    }

    /**
     * How many points in time are open now: none, when the client has cleaned up.
     *
     * @return neither closed nor expired
     */
    public synchronized int openPointsInTime() {
        return open.size();
    }

    @Override
    FakeElasticsearch with(Faults<Answer> faults) {
        return new FakeElasticsearch(index, hits, resultWindow, oldIdsRefused, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        String path = asked.path();
        if (asked.is("POST") && path.equals("/" + index + "/_pit")) {
            open(answer, asked);
        } else if (asked.is("DELETE") && path.equals("/_pit")) {
            close(answer, asked.json().path("id").asString(""));
        } else if (asked.is("POST") && (path.equals("/_search") || path.equals("/" + index + "/_search"))) {
            search(answer, asked);
        } else {
            refuse(answer, 404, "index_not_found_exception", "no such index");
        }
    }

    private void open(Answer answer, Asked asked) {
        if (asked.parameter("keep_alive").isEmpty()) {
            refuse(answer, 400, "action_request_validation_exception", "[keep_alive] is not specified");
            return;
        }
        answer.json("{\"id\":\"" + newId(++opened) + "\"}");
    }

    private void close(Answer answer, String id) {
        boolean known = isOpen(id);
        if (known) {
            open.remove(number(id));
        }
        answer.status = known ? 200 : 404;
        answer.json("{\"succeeded\":" + known + ",\"num_freed\":" + (known ? 1 : 0) + "}");
    }

    private void search(Answer answer, Asked asked) {
        JsonNode body = asked.json();
        JsonNode pit = body.path("pit");
        String id = pit.path("id").asString("");
        if (answer.deviations.containsKey(Deviation.EXPIRED)) {
            open.remove(number(id));
        }
        if (!pit.isMissingNode() && !asked.path().equals("/_search")) {
            refuse(answer, 400, "action_request_validation_exception", "[indices] cannot be used with point in time");
            return;
        }
        if (!pit.isMissingNode() && !isOpen(id)) {
            refuse(answer, 404, "search_context_missing_exception", "No search context found for id [" + id + "]");
            return;
        }
        int size = body.path("size").asInt(10);
        long from = body.path("from").asLong(0);
        if (from + size > resultWindow) {
            refuse(
                    answer,
                    400,
                    "illegal_argument_exception",
                    "Result window is too large, from + size must be less than or equal to: [" + resultWindow + "]");
            return;
        }
        if (body.has("search_after")) {
            int last = sorts.indexOf(JsonText.written(asked.body(), "search_after"));
            if (last < 0) {
                refuse(
                        answer,
                        400,
                        "illegal_argument_exception",
                        "no hit has these sort values: " + body.path("search_after"));
                return;
            }
            from += last + 1L;
        }
        page(answer, from, size, pit.isMissingNode() ? "" : "\"pit_id\":\"" + newId(number(id)) + "\",");
    }

    private void page(Answer answer, long from, int size, String pit) {
        int start = (int) Math.min(hits.size(), from);
        int to = start + Math.min(Math.min(size, answer.itemsAtMost), hits.size() - start);
        String failed = answer.deviations.getOrDefault(Deviation.SHARDS_FAILED, "0");
        answer.json(
                "{%s\"took\":1,\"timed_out\":%s,\"_shards\":{\"total\":%d,\"successful\":%d,\"skipped\":0,\"failed\":%s},\"hits\":{\"hits\":%s}}"
                        .formatted(
                                pit,
                                answer.deviations.containsKey(Deviation.TIMED_OUT),
                                SHARDS,
                                SHARDS - Integer.parseInt(failed),
                                failed,
                                JsonText.array(hits.subList(start, to))));
    }

    private Fault<FakeElasticsearch> partial(Deviation how, String detail, int hits) {
        return fault(answer -> {
            answer.deviations.put(how, detail);
            answer.itemsAtMost = hits;
        });
    }

    /** Ids say which point in time they belong to: {@code 46ToAw.1.7}. */
    private String newId(int pointInTime) {
        String id = "46ToAw." + pointInTime + "." + ++ids;
        open.put(pointInTime, id);
        return id;
    }

    private boolean isOpen(String id) {
        String newest = open.get(number(id));
        return newest != null && (newest.equals(id) || !oldIdsRefused);
    }

    private static int number(String id) {
        return id.matches("46ToAw\\.\\d{1,9}\\.\\d{1,9}") ? Integer.parseInt(id.split("\\.", -1)[1]) : 0;
    }

    private static void refuse(Answer answer, int status, String type, String reason) {
        answer.failJson(status, error(status, type, reason));
    }

    private static String error(int status, String type, String reason) {
        String cause = "{\"type\":\"%s\",\"reason\":%s}".formatted(type, JsonText.quoted(reason));
        return "{\"error\":{\"root_cause\":[%s],%s,\"status\":%d}".formatted(cause, cause.substring(1), status);
    }
}
