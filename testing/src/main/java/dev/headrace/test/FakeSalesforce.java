package dev.headrace.test;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A query in the style of Salesforce: a relative {@code nextRecordsUrl}, errors as arrays, and a host that is learned when logging in.
 *
 * <pre>{@code
 * FakeSalesforce contacts = FakeSalesforce.query(FakeSalesforce.contacts(500)).pageSize(200).requiringLogin();
 * try (TestServer api = contacts.expiringSession().onRequest(4).once().start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>{@code GET /services/data/v63.0/query?q=…} runs a query and gives its first page; the text of the query does not matter. {@code POST
 * /services/oauth2/token} gives a token and {@code instance_url}. The client's wish for a batch size, {@code Sforce-Query-Options: batchSize=200}
 * (200 to 2000), is heeded up to {@link #pageSize}. Bodies of errors are general knowledge of this API. Settings return a changed copy that counts
 * from the beginning.
 */
public final class FakeSalesforce extends FaultyRoute<FakeSalesforce> {

    private enum Deviation {
        LOCATOR_EXPIRED,
        SESSION_EXPIRED
    }

    private static final String QUERY = "/services/data/v63.0/query";
    private static final Pattern BATCH_SIZE = Pattern.compile("batchSize=(\\d{1,9})");
    private static final Pattern LOCATOR = Pattern.compile("(01g\\d{15})-(\\d{1,9})");

    private final List<String> records;
    private final int pageSize;
    private final int dailyLimit;
    private final boolean loginRequired;
    private final @Nullable String instance;

    private final Set<String> locators = new HashSet<>();
    private final Set<String> sessions = new HashSet<>();
    private int queries;
    private int logins;
    private int used;

    private FakeSalesforce(
            List<String> records,
            int pageSize,
            int dailyLimit,
            boolean loginRequired,
            @Nullable String instance,
            Faults<Answer> faults) {
        super(faults);
        this.records = records;
        this.pageSize = pageSize;
        this.dailyLimit = dailyLimit;
        this.loginRequired = loginRequired;
        this.instance = instance;
    }

    /**
     * An API whose every query finds the same records.
     *
     * @param records one JSON text each
     * @return 2000 records a page, 5000 requests a day, no login, no faults
     */
    public static FakeSalesforce query(List<String> records) {
        return new FakeSalesforce(List.copyOf(records), 2000, 5000, false, null, Faults.none());
    }

    /**
     * Makes contacts to serve.
     *
     * @param count how many
     * @return JSON objects with {@code attributes}, {@code Id} and {@code Name}
     */
    public static List<String> contacts(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"attributes\":{\"type\":\"Contact\"},\"Id\":\"003%015d\",\"Name\":\"Contact %d\"}"
                        .formatted(n, n))
                .toList();
    }

    /**
     * The most records on a page, whatever batch size the client wishes. Default 2000.
     *
     * @param records at least 1
     * @return a changed copy
     */
    public FakeSalesforce pageSize(int records) {
        if (records < 1) {
            throw new IllegalArgumentException("pageSize must be at least 1: " + records);
        }
        return new FakeSalesforce(this.records, records, dailyLimit, loginRequired, instance, faults());
    }

    /**
     * The budget of a day, told in {@code Sforce-Limit-Info}; beyond it every request is 403 {@code REQUEST_LIMIT_EXCEEDED}. Logging in is
     * free. The day does not end.
     *
     * @param requests default 5000
     * @return a changed copy
     */
    public FakeSalesforce dailyLimit(int requests) {
        return new FakeSalesforce(records, pageSize, requests, loginRequired, instance, faults());
    }

    /**
     * Takes only tokens that this server gave out, until {@link #expiringSession()} ends them.
     *
     * @return a changed copy
     */
    public FakeSalesforce requiringLogin() {
        return new FakeSalesforce(records, pageSize, dailyLimit, true, instance, faults());
    }

    /**
     * Where a login says the data is. Default: this server.
     *
     * @param url without a trailing slash
     * @return a changed copy
     */
    public FakeSalesforce instance(String url) {
        return new FakeSalesforce(records, pageSize, dailyLimit, loginRequired, url, faults());
    }

    /**
     * Gives fewer records than wished, with more to come.
     *
     * @param records at most on the page
     * @return when to do so
     */
    public Fault<FakeSalesforce> shortening(int records) {
        return pagesOf(records);
    }

    /**
     * Forgets the query whose next page is asked for: 400 {@code INVALID_QUERY_LOCATOR}, now and later.
     *
     * @return when to do so
     */
    public Fault<FakeSalesforce> expiringLocator() {
        return fault(Deviation.LOCATOR_EXPIRED);
    }

    /**
     * Ends all sessions: 401 {@code INVALID_SESSION_ID}; with {@link #requiringLogin()} until the next login.
     *
     * @return when to do so
     */
    public Fault<FakeSalesforce> expiringSession() {
        return fault(Deviation.SESSION_EXPIRED)
                .when(request -> request.fullPath().startsWith(QUERY));
    }

    @Override
    FakeSalesforce with(Faults<Answer> faults) {
        return new FakeSalesforce(records, pageSize, dailyLimit, loginRequired, instance, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        if (asked.path().equals("/services/oauth2/token") && asked.is("POST")) {
            logIn(answer, asked);
            return;
        }
        if (answer.deviations.containsKey(Deviation.SESSION_EXPIRED)) {
            sessions.clear();
        }
        if (answer.deviations.containsKey(Deviation.SESSION_EXPIRED)
                || loginRequired
                        && !sessions.contains(asked.header("Authorization").orElse(""))) {
            refuse(answer, 401, "INVALID_SESSION_ID", "Session expired or invalid");
        } else if (used == dailyLimit) {
            refuse(answer, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
        } else {
            used++;
            read(answer, asked);
        }
        answer.headers.set("Sforce-Limit-Info", "api-usage=" + used + "/" + dailyLimit);
    }

    private void logIn(Answer answer, Asked asked) {
        String token = "00D" + ++logins;
        sessions.add("Bearer " + token);
        String url = instance == null ? asked.origin() : instance;
        answer.json(
                "{\"access_token\":\"%s\",\"instance_url\":%s,\"token_type\":\"Bearer\",\"issued_at\":\"1767225600000\"}"
                        .formatted(token, JsonText.quoted(url)));
    }

    private void read(Answer answer, Asked asked) {
        if (asked.path().equals(QUERY)) {
            if (asked.parameter("q").isEmpty()) {
                refuse(answer, 400, "MALFORMED_QUERY", "no query");
                return;
            }
            String locator = "01g%015d".formatted(++queries);
            locators.add(locator);
            page(answer, asked, locator, 0);
        } else if (asked.path().startsWith(QUERY + "/")) {
            Matcher next = LOCATOR.matcher(asked.path().substring(QUERY.length() + 1));
            boolean known = next.matches() && locators.contains(next.group(1));
            if (known && answer.deviations.containsKey(Deviation.LOCATOR_EXPIRED)) {
                locators.remove(next.group(1));
                known = false;
            }
            if (known) {
                page(answer, asked, next.group(1), Integer.parseInt(next.group(2)));
            } else {
                refuse(answer, 400, "INVALID_QUERY_LOCATOR", "invalid query locator");
            }
        } else {
            refuse(answer, 404, "NOT_FOUND", "The requested resource does not exist");
        }
    }

    private void page(Answer answer, Asked asked, String locator, int from) {
        int wished = Optional.of(
                        BATCH_SIZE.matcher(asked.header("Sforce-Query-Options").orElse("")))
                .filter(Matcher::find)
                .map(batch -> Math.min(2000, Math.max(200, Integer.parseInt(batch.group(1)))))
                .orElse(2000);
        int size = Math.min(Math.min(wished, pageSize), answer.itemsAtMost);
        int start = Math.min(from, records.size());
        int to = Math.min(records.size(), start + size);
        boolean done = to == records.size();
        answer.json("{\"totalSize\":%d,\"done\":%s,%s\"records\":%s}"
                .formatted(
                        records.size(),
                        done,
                        done ? "" : "\"nextRecordsUrl\":\"" + QUERY + "/" + locator + "-" + to + "\",",
                        JsonText.array(records.subList(start, to))));
    }

    private static void refuse(Answer answer, int status, String code, String message) {
        answer.failJson(status, "[{\"message\":%s,\"errorCode\":\"%s\"}]".formatted(JsonText.quoted(message), code));
    }
}
