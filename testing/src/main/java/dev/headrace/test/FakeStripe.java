package dev.headrace.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A list in the style of Stripe: the next page begins after the last item of this one, and {@code POST} is safe with an {@code Idempotency-Key}.
 *
 * <pre>{@code
 * FakeStripe customers = FakeStripe.list("/v1/customers", FakeStripe.customers(25)).savingError(500).once();
 * try (TestServer api = customers.start()) {
 *     …
 *     assertThat(customers.created()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>{@code GET} reads pages with {@code limit} (1 to 100, default 10) and either {@code starting_after} or {@code ending_before}, each the id
 * of an item; {@code created[gte]}, {@code [gt]}, {@code [lte]} and {@code [lt]}, in seconds since 1970, leave out what was not created then, and items
 * without {@code created}. {@code POST} to the same path adds an object at the head. With a key, its response is kept and given again to the same request,
 * with {@code Idempotent-Replayed: true}; another body under that key is 400, and 409 while the first is still being answered. A fault that
 * answers in place of the API keeps nothing. Say {@code .header("Stripe-Should-Retry", "false")} of a fault to overrule its status.
 *
 * <p>Bodies of errors other than {@code resource_missing} and {@code rate_limit} are general knowledge of this API, not its documentation. Settings
 * return a changed copy, whose list and keys begin anew.
 */
public final class FakeStripe extends FaultyRoute<FakeStripe> {

    private enum Deviation {
        CURSOR_DELETED,
        INSERTED,
        ERROR_SAVED
    }

    private record Saved(String request, int status, String response) {}

    private final String path;
    private final List<String> items;
    private final int mostOnPage;

    private final List<String> current;
    private final Map<String, Saved> saved = new HashMap<>();

    /** Who is carrying out the request of a key. */
    private final Map<String, Asked> inFlight = new HashMap<>();

    private int created;

    private FakeStripe(String path, List<String> items, int mostOnPage, Faults<Answer> faults) {
        super(faults);
        this.path = path;
        this.items = items;
        this.mostOnPage = mostOnPage;
        this.current = new ArrayList<>(items);
    }

    /**
     * A list under one path.
     *
     * @param path for example {@code /v1/customers}
     * @param items JSON objects with a field {@code id}, newest first
     * @return at most 100 items a page, no faults
     */
    public static FakeStripe list(String path, List<String> items) {
        return new FakeStripe(path, List.copyOf(items), 100, Faults.none());
    }

    /**
     * Makes customers to serve, with ids from {@code cus_001} for the oldest.
     *
     * @param count how many
     * @return JSON objects, newest first
     */
    public static List<String> customers(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "{\"id\":\"cus_%03d\",\"object\":\"customer\",\"created\":%d}"
                        .formatted(count - n, 1_767_225_600L + 60L * (count - n)))
                .toList();
    }

    /**
     * The most items on a page: more is 400. Default 100.
     *
     * @param items at least 1
     * @return a changed copy
     */
    public FakeStripe mostOnPage(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("mostOnPage must be at least 1: " + items);
        }
        return new FakeStripe(path, this.items, items, faults());
    }

    /**
     * Deletes the object that the request names as its cursor, before it is read: 400 {@code resource_missing}, now and later.
     *
     * @return when to do so
     */
    public Fault<FakeStripe> deletingCursor() {
        return fault(Deviation.CURSOR_DELETED);
    }

    /**
     * Adds an object at the head of the list before the request is answered.
     *
     * @param item a JSON object with a field {@code id}
     * @return when to do so
     */
    public Fault<FakeStripe> inserting(String item) {
        return fault(answer -> answer.deviations.put(Deviation.INSERTED, item));
    }

    /**
     * Answers a {@code POST} with an error that is kept for its key, and creates nothing: to try again with that key is pointless.
     *
     * @param status for example 500
     * @return when to do so
     */
    public Fault<FakeStripe> savingError(int status) {
        return fault(answer -> answer.deviations.put(Deviation.ERROR_SAVED, Integer.toString(status)))
                .when(request -> request.method().name().equals("POST"));
    }

    /**
     * Refuses a request for its rate: 429 with code {@code rate_limit}. Stripe says nothing of when to come back.
     *
     * @param reason said in {@code Stripe-Rate-Limited-Reason}, for example {@code global-rate}
     * @return when to do so
     */
    public Fault<FakeStripe> limiting(String reason) {
        return refusing(429, error("invalid_request_error", "rate_limit", "", "Request rate limit exceeded."))
                .header("Stripe-Rate-Limited-Reason", reason);
    }

    /**
     * Refuses a request because another holds the object: 429 with code {@code lock_timeout}.
     *
     * @return when to do so
     */
    public Fault<FakeStripe> lockTimeout() {
        return refusing(
                429, error("invalid_request_error", "lock_timeout", "", "This object cannot be accessed right now."));
    }

    /**
     * How many objects have been created by {@code POST}.
     *
     * @return replays not included
     */
    public synchronized int created() {
        return created;
    }

    @Override
    FakeStripe with(Faults<Answer> faults) {
        return new FakeStripe(path, items, mostOnPage, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        if (!asked.path().equals(path)) {
            answer.failJson(404, error("invalid_request_error", "", "", "Unrecognized request URL"));
        } else if (asked.is("POST")) {
            create(answer, asked);
        } else {
            list(answer, asked);
        }
    }

    @Override
    synchronized void answered(Asked asked) {
        inFlight.values().remove(asked);
    }

    private void list(Answer answer, Asked asked) {
        Optional<String> after = asked.parameter("starting_after");
        Optional<String> before = asked.parameter("ending_before");
        int limit = asked.number("limit", Math.min(10, mostOnPage));
        String inserted = answer.deviations.get(Deviation.INSERTED);
        if (inserted != null) {
            current.add(0, inserted);
        }
        if (answer.deviations.containsKey(Deviation.CURSOR_DELETED)) {
            String gone = after.or(() -> before).orElse("");
            current.removeIf(item -> JsonText.field(item, "id").equals(gone));
        }
        if (limit < 1 || limit > mostOnPage) {
            refuse(answer, "parameter_invalid_integer", "limit", "limit must be 1 to " + mostOnPage);
            return;
        }
        if (after.isPresent() && before.isPresent()) {
            refuse(answer, "", "", "You may only specify one of these parameters: ending_before, starting_after.");
            return;
        }
        int position = after.or(() -> before).map(this::position).orElse(-1);
        if (position < 0 && (after.isPresent() || before.isPresent())) {
            String gone = after.or(() -> before).orElse("");
            refuse(
                    answer,
                    "resource_missing",
                    after.isPresent() ? "starting_after" : "ending_before",
                    "No such object: '" + gone + "'");
            return;
        }
        List<String> rest =
                before.isPresent() ? current.subList(0, position) : current.subList(position + 1, current.size());
        try {
            rest = created(asked, rest);
        } catch (NumberFormatException e) {
            refuse(answer, "parameter_invalid_integer", "created", "Invalid integer");
            return;
        }
        boolean more = rest.size() > limit;
        int from = before.isPresent() && more ? rest.size() - limit : 0;
        int to = Math.min(rest.size(), from + limit);
        answer.json("{\"object\":\"list\",\"url\":%s,\"has_more\":%s,\"data\":%s}"
                .formatted(JsonText.quoted(path), more, JsonText.array(rest.subList(from, to))));
    }

    private static List<String> created(Asked asked, List<String> items) {
        Optional<Long> gte = asked.parameter("created[gte]").map(Long::valueOf);
        Optional<Long> gt = asked.parameter("created[gt]").map(Long::valueOf);
        Optional<Long> lte = asked.parameter("created[lte]").map(Long::valueOf);
        Optional<Long> lt = asked.parameter("created[lt]").map(Long::valueOf);
        if (Stream.of(gte, gt, lte, lt).allMatch(Optional::isEmpty)) {
            return items;
        }
        return items.stream()
                .filter(item -> {
                    JsonNode created = JsonText.read(item).path("created");
                    long time = created.asLong(0);
                    return created.isNumber()
                            && time >= gte.orElse(Long.MIN_VALUE)
                            && (gt.isEmpty() || time > gt.get())
                            && time <= lte.orElse(Long.MAX_VALUE)
                            && (lt.isEmpty() || time < lt.get());
                })
                .toList();
    }

    private int position(String id) {
        return IntStream.range(0, current.size())
                .filter(n -> JsonText.field(current.get(n), "id").equals(id))
                .findFirst()
                .orElse(-1);
    }

    private void create(Answer answer, Asked asked) {
        String key = asked.header("Idempotency-Key").orElse("");
        Saved known = saved.get(key);
        if (known == null) {
            Saved fresh = carryOut(answer, asked);
            if (!key.isEmpty()) {
                saved.put(key, fresh);
                inFlight.put(key, asked);
            }
            reply(answer, fresh);
        } else if (!known.request().equals(asked.raw() + "\n" + asked.body())) {
            answer.failJson(
                    400,
                    error(
                            "idempotency_error",
                            "",
                            "",
                            "Keys for idempotent requests can only be used with the same parameters they were first used with."));
        } else if (inFlight.containsKey(key)) {
            answer.failJson(
                    409,
                    error(
                            "invalid_request_error",
                            "idempotency_key_in_use",
                            "",
                            "There is currently another in-progress request using this Idempotency-Key."));
        } else {
            answer.headers.set("Idempotent-Replayed", "true");
            reply(answer, known);
        }
    }

    private Saved carryOut(Answer answer, Asked asked) {
        String request = asked.raw() + "\n" + asked.body();
        String status = answer.deviations.get(Deviation.ERROR_SAVED);
        if (status != null) {
            String error = error("api_error", "", "", "An unknown error occurred");
            return new Saved(request, Integer.parseInt(status), error);
        }
        created++;
        String item = "{\"id\":\"created_%d\",\"form\":%s}".formatted(created, JsonText.quoted(asked.body()));
        current.add(0, item);
        return new Saved(request, 200, item);
    }

    private static void reply(Answer answer, Saved response) {
        answer.status = response.status();
        answer.json(response.response());
    }

    private static void refuse(Answer answer, String code, String param, String message) {
        answer.failJson(400, error("invalid_request_error", code, param, message));
    }

    private static String error(String type, String code, String param, String message) {
        return "{\"error\":{%s%s\"type\":\"%s\",\"message\":%s}}"
                .formatted(
                        code.isEmpty() ? "" : "\"code\":\"" + code + "\",",
                        param.isEmpty() ? "" : "\"param\":\"" + param + "\",",
                        type,
                        JsonText.quoted(message));
    }
}
