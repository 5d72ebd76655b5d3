package dev.headrace.test;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A list in the style of Shopify's REST API: {@code page_info} in a {@code Link} header with both directions, and a leaky bucket.
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 * FakeShopify.list("products", FakeShopify.products(90)).bucket(4, 2).clock(clock)
 * }</pre>
 *
 * <p>{@code GET /admin/api/2024-10/products.json} takes {@code limit} (1 to 250, default 50), filters (which it ignores), or {@code page_info},
 * beside which only {@code limit} and {@code fields} are allowed: anything else is 400. Every response has {@code
 * X-Shopify-Shop-Api-Call-Limit}; a full bucket is 429 with a decimal {@code Retry-After}. Bodies of 400 are general knowledge of this API.
 * Settings return a changed copy with an empty bucket.
 */
public final class FakeShopify extends FaultyRoute<FakeShopify> {

    private static final Set<String> BESIDE_PAGE_INFO = Set.of("page_info", "limit", "fields");

    private final String resource;
    private final List<String> items;
    private final int wall;
    private final LeakyBucket bucket;
    private final InstantSource clock;

    private FakeShopify(
            String resource,
            List<String> items,
            int wall,
            LeakyBucket bucket,
            InstantSource clock,
            Faults<Answer> faults) {
        super(faults);
        this.resource = resource;
        this.items = items;
        this.wall = wall;
        this.bucket = bucket;
        this.clock = clock;
    }

    /**
     * One resource.
     *
     * @param resource for example {@code products}: the last part of the path, and the field of the items
     * @param items one JSON text each
     * @return a bucket of 40 that leaks 2 a second, a wall at 25,000, no faults
     */
    public static FakeShopify list(String resource, List<String> items) {
        InstantSource clock = InstantSource.system();
        return new FakeShopify(
                resource, List.copyOf(items), 25_000, new LeakyBucket(40, 2, clock), clock, Faults.none());
    }

    /**
     * Makes products to serve, with ids from 1.
     *
     * @param count how many
     * @return JSON objects
     */
    public static List<String> products(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "{\"id\":%d,\"title\":\"Product %d\",\"status\":\"active\"}".formatted(n, n))
                .toList();
    }

    /**
     * The bucket that requests fall into, one drop each. Default 40, 2 a second.
     *
     * @param size how many requests it holds
     * @param leakPerSecond how many leave it in a second
     * @return a changed copy
     */
    public FakeShopify bucket(int size, double leakPerSecond) {
        return new FakeShopify(resource, items, wall, new LeakyBucket(size, leakPerSecond, clock), clock, faults());
    }

    /**
     * Tells the time by which the bucket leaks. Default: the system's clock.
     *
     * @param clock asked at every request, on an event loop
     * @return a changed copy
     */
    public FakeShopify clock(InstantSource clock) {
        LeakyBucket same = new LeakyBucket(bucket.size(), bucket.leakPerSecond(), clock);
        return new FakeShopify(resource, items, wall, same, clock, faults());
    }

    /**
     * How many items can be reached: the last page before it has no next one. Default 25,000.
     *
     * @param items at least 1
     * @return a changed copy
     */
    public FakeShopify wall(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("wall must be at least 1: " + items);
        }
        return new FakeShopify(resource, this.items, items, bucket, clock, faults());
    }

    @Override
    FakeShopify with(Faults<Answer> faults) {
        return new FakeShopify(resource, items, wall, bucket.restarted(), clock, faults);
    }

    @Override
    void admit(Answer answer, Asked asked) {
        if (!bucket.take(1)) {
            answer.failJson(
                    429,
                    "{\"errors\":\"Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.\"}");
            // Up, or who obeys to the tenth comes too early.
            double tenths = Math.ceil(10 * bucket.secondsUntilRoomFor(1) - 1e-6);
            answer.headers.set("Retry-After", String.format(Locale.ROOT, "%.1f", tenths / 10));
        }
        long level = (long) Math.ceil(bucket.level());
        answer.headers.set("X-Shopify-Shop-Api-Call-Limit", level + "/" + (long) bucket.size());
    }

    @Override
    void fill(Answer answer, Asked asked) {
        String path = "/admin/api/2024-10/" + resource + ".json";
        Set<String> parameters =
                new QueryStringDecoder(asked.raw()).parameters().keySet();
        int limit = asked.number("limit", 50);
        int from = asked.parameter("page_info").map(FakeShopify::position).orElse(0);
        if (!asked.is("GET") || !asked.path().equals(path)) {
            answer.failJson(404, "{\"errors\":\"Not Found\"}");
        } else if (parameters.contains("page_info") && !BESIDE_PAGE_INFO.containsAll(parameters)) {
            answer.failJson(400, "{\"errors\":\"only limit and fields are allowed beside page_info\"}");
        } else if (limit < 1 || limit > 250 || from < 0) {
            answer.failJson(400, "{\"errors\":{\"page_info\":\"Invalid value.\"}}");
        } else {
            page(answer, asked, Math.min(from, items.size()), limit);
        }
    }

    private void page(Answer answer, Asked asked, int from, int limit) {
        int end = Math.min(wall, items.size());
        int to = Math.max(from, Math.min(end, from + limit));
        List<String> links = new ArrayList<>();
        if (from > 0) {
            links.add(link(asked, limit, Math.max(0, from - limit), "previous"));
        }
        if (to < end) {
            links.add(link(asked, limit, to, "next"));
        }
        if (!links.isEmpty()) {
            answer.headers.set("Link", String.join(", ", links));
        }
        answer.json("{\"%s\":%s}".formatted(resource, JsonText.array(items.subList(from, to))));
    }

    private static String link(Asked asked, int limit, int position, String relation) {
        String info = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"at\":" + position + "}").getBytes(StandardCharsets.US_ASCII));
        return "<%s%s?limit=%d&page_info=%s>; rel=\"%s\""
                .formatted(asked.origin(), asked.path(), limit, info, relation);
    }

    private static int position(String pageInfo) {
        try {
            String json = new String(Base64.getUrlDecoder().decode(pageInfo), StandardCharsets.US_ASCII);
            return JsonText.read(json).path("at").asInt(-1);
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
