package dev.headrace.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A collection in the style of Microsoft Graph: an opaque {@code @odata.nextLink}, changes by {@code @odata.deltaLink}, and content that lies
 * elsewhere.
 *
 * <pre>{@code
 * try (TestServer storage = FakeGraph.signedStorage("text/plain", "hello").start();
 *         TestServer api = FakeGraph.collection("/v1.0/users", FakeGraph.users(5))
 *                 .requiringHeader("ConsistencyLevel", "eventual")
 *                 .redirecting("/v1.0/me/drive/items/1/content", storage.url() + "/signed?sig=s1")
 *                 .start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>A page has {@code $top} items (1 to 999, default 100). The query of a next link holds {@code $} and characters encoded beforehand, and must come
 * back byte for byte: anything else is 400. Under the same path and {@code /delta} the last page has a delta link, which reads what {@link #change}
 * did since. Bodies of errors other than {@code resyncRequired} and {@code TooManyRequests}, and the sizes, are general knowledge of this API.
 * Settings return a changed copy without changes, which knows no links.
 */
public final class FakeGraph extends FaultyRoute<FakeGraph> {

    private enum Deviation {
        EXPIRED
    }

    private record Header(String name, String value) {}

    /** Where a link leads: among the changes since one time up to another, or from -1 among all items as of then. */
    private record Read(int since, int until, int from, int top) {}

    private final String path;
    private final List<String> items;
    private final @Nullable Header required;
    private final Map<String, String> redirects;

    private final ChangeLog log;
    private final Map<String, Read> links = new HashMap<>();
    private int written;

    private FakeGraph(
            String path,
            List<String> items,
            @Nullable Header required,
            Map<String, String> redirects,
            Faults<Answer> faults) {
        super(faults);
        this.path = path;
        this.items = items;
        this.required = required;
        this.redirects = redirects;
        this.log = new ChangeLog(items, item -> JsonText.read(item).has("@removed"));
    }

    /**
     * One collection.
     *
     * @param path for example {@code /v1.0/users}
     * @param items JSON objects with an {@code id}
     * @return no header required, no faults
     */
    public static FakeGraph collection(String path, List<String> items) {
        return new FakeGraph(path, List.copyOf(items), null, Map.of(), Faults.none());
    }

    /**
     * Makes users to serve, with ids from {@code u1}.
     *
     * @param count how many
     * @return JSON objects
     */
    public static List<String> users(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"id\":\"u%d\",\"displayName\":\"User %d\"}".formatted(n, n))
                .toList();
    }

    /**
     * A storage that serves signed addresses and refuses whoever shows credentials of the API: 400 with {@code Authorization}, 403 without the query
     * parameter {@code sig}. Start it on its own, and its origin is another one.
     *
     * @param contentType the media type
     * @param body sent as UTF-8
     * @return the storage
     */
    public static Route signedStorage(String contentType, String body) {
        return (request, response) -> {
            Asked asked = new Asked(request, "");
            Answer answer = new Answer();
            if (asked.header("Authorization").isPresent()) {
                answer.fail(400, "credentials have come to the wrong place");
            } else if (asked.parameter("sig").isEmpty()) {
                answer.fail(403, "no signature");
            } else {
                answer.headers.set("Content-Type", contentType);
                answer.body = Content.text(body);
            }
            return answer.sendTo(request, response);
        };
    }

    /**
     * Refuses every page that is asked for without a header, with 400.
     *
     * @param name for example {@code ConsistencyLevel}
     * @param value for example {@code eventual}
     * @return a changed copy
     */
    public FakeGraph requiringHeader(String name, String value) {
        return new FakeGraph(path, items, new Header(name, value), redirects, faults());
    }

    /**
     * Answers a path with 302 to whoever has a bearer token, and with 401 to others.
     *
     * @param path for example {@code /v1.0/me/drive/items/1/content}
     * @param location for example an address of a {@link #signedStorage} on another server
     * @return a changed copy
     */
    public FakeGraph redirecting(String path, String location) {
        Map<String, String> more = new HashMap<>(redirects);
        more.put(path, location);
        return new FakeGraph(this.path, items, required, Map.copyOf(more), faults());
    }

    /**
     * Adds, changes or, with {@code "@removed":{"reason":"deleted"}}, removes an item: the next delta link reads it.
     *
     * @param item a JSON object with an {@code id}
     */
    public synchronized void change(String item) {
        log.add(item);
    }

    /**
     * Gives fewer items than asked, none perhaps, with a next link.
     *
     * @param items at most on the page
     * @return when to do so
     */
    public Fault<FakeGraph> shortening(int items) {
        return pagesOf(items);
    }

    /**
     * Forgets all links given out so far: 410 {@code resyncRequired} with a {@code Location} where to begin anew.
     *
     * @return when to do so
     */
    public Fault<FakeGraph> expiring() {
        return fault(Deviation.EXPIRED);
    }

    /**
     * Refuses a request for its rate: 429 {@code TooManyRequests}.
     *
     * @param retryAfter in seconds
     * @return when to do so
     */
    public Fault<FakeGraph> throttling(int retryAfter) {
        return refusing(429, error("TooManyRequests", "Too Many Requests"))
                .header("Retry-After", Integer.toString(retryAfter));
    }

    @Override
    FakeGraph with(Faults<Answer> faults) {
        return new FakeGraph(path, items, required, redirects, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        String location = redirects.get(asked.path());
        if (location != null) {
            redirect(answer, asked, location);
        } else if (!asked.is("GET")
                || !asked.path().equals(path) && !asked.path().equals(path + "/delta")) {
            refuse(answer, 404, "ResourceNotFound", "Resource not found");
        } else if (required != null
                && !asked.header(required.name())
                        .filter(required.value()::equals)
                        .isPresent()) {
            refuse(answer, 400, "Request_UnsupportedQuery", "header " + required.name() + " is missing");
        } else if (answer.deviations.containsKey(Deviation.EXPIRED)) {
            links.clear();
            answer.headers.set("Location", asked.origin() + link("deltatoken", new Read(-1, -1, 0, top(asked))));
            refuse(answer, 410, "resyncRequired", "Resync required");
        } else {
            read(answer, asked);
        }
    }

    private static void redirect(Answer answer, Asked asked, String location) {
        if (asked.header("Authorization")
                .filter(value -> value.startsWith("Bearer "))
                .isPresent()) {
            answer.status = 302;
            answer.headers.set("Location", location);
        } else {
            refuse(answer, 401, "InvalidAuthenticationToken", "Access token is empty.");
        }
    }

    private static int top(Asked asked) {
        return asked.number("$top", 100);
    }

    private void read(Answer answer, Asked asked) {
        Read known = links.get(asked.raw());
        boolean first = asked.parameter("$skiptoken").isEmpty()
                && asked.parameter("$deltatoken").isEmpty();
        if (known == null && !first) {
            refuse(answer, 400, "BadRequest", "not a link that this server has given: " + asked.raw());
        } else if (top(asked) < 1 || top(asked) > 999) {
            refuse(answer, 400, "BadRequest", "$top must be 1 to 999");
        } else {
            page(answer, asked, known == null ? new Read(-1, -1, 0, top(asked)) : known);
        }
    }

    private void page(Answer answer, Asked asked, Read read) {
        // A delta link reads up to the moment it is used, the pages after it up to the same.
        int until = read.until() < 0 ? log.now() : read.until();
        List<String> all = read.since() < 0 ? log.at(until) : log.between(read.since(), until);
        int to = read.from() + Math.min(Math.min(read.top(), answer.itemsAtMost), all.size() - read.from());
        StringBuilder json = new StringBuilder("{\"@odata.context\":\"" + asked.origin() + "/v1.0/$metadata\"");
        if (to < all.size()) {
            append(
                    json,
                    "nextLink",
                    asked,
                    link(asked.path(), "skiptoken", new Read(read.since(), until, to, read.top())));
        } else if (asked.path().endsWith("/delta")) {
            append(json, "deltaLink", asked, link(asked.path(), "deltatoken", new Read(until, -1, 0, read.top())));
        }
        answer.json(json + ",\"value\":" + JsonText.array(all.subList(read.from(), to)) + "}");
    }

    private static void append(StringBuilder json, String name, Asked asked, String link) {
        json.append(",\"@odata.").append(name).append("\":").append(JsonText.quoted(asked.origin() + link));
    }

    private String link(String token, Read read) {
        return link(path + "/delta", token, read);
    }

    /** Encoded beforehand, in lower case, and beside a dollar that is not: whoever decodes and encodes again changes it. */
    private String link(String path, String token, Read read) {
        String link = path + "?$top=" + read.top() + "&$" + token + "=RFNwdAIAAQ%27" + ++written + "%27%2f~$x";
        links.put(link, read);
        return link;
    }

    private static void refuse(Answer answer, int status, String code, String message) {
        answer.failJson(status, error(code, message));
    }

    private static String error(String code, String message) {
        return "{\"error\":{\"code\":\"%s\",\"message\":%s}}".formatted(code, JsonText.quoted(message));
    }
}
