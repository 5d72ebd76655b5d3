package dev.headrace.test;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * A connection in the style of Shopify's GraphQL API, where a query has a cost and a bucket of points refills with time.
 *
 * <pre>{@code
 * FakeShopifyGraphQl.connection("products", FakeShopify.products(90)).cost(101, 46).points(200, 50).clock(new ManualClock())
 * }</pre>
 *
 * <p>{@code POST /admin/api/2024-10/graphql.json} with {@code variables.first} (default 50) and {@code variables.after}; the text of the query
 * does not matter. A query whose requested cost exceeds what is available is {@code THROTTLED} under status 200; one that runs pays its actual cost.
 * Costs are given, not computed. Settings return a changed copy with all points available.
 */
public final class FakeShopifyGraphQl extends FaultyRoute<FakeShopifyGraphQl> {

    private record Cost(int requested, int actual) {}

    private final String name;
    private final List<String> nodes;
    private final Cost cost;
    private final LeakyBucket spent;
    private final InstantSource clock;

    private FakeShopifyGraphQl(
            String name, List<String> nodes, Cost cost, LeakyBucket spent, InstantSource clock, Faults<Answer> faults) {
        super(faults);
        this.name = name;
        this.nodes = nodes;
        this.cost = cost;
        this.spent = spent;
        this.clock = clock;
    }

    /**
     * One connection, right under {@code data}.
     *
     * @param name for example {@code products}
     * @param nodes one JSON text each
     * @return queries for 101 points that really cost 46, 1000 points, 50 a second, no faults
     */
    public static FakeShopifyGraphQl connection(String name, List<String> nodes) {
        InstantSource clock = InstantSource.system();
        LeakyBucket points = new LeakyBucket(1000, 50, clock);
        return new FakeShopifyGraphQl(name, List.copyOf(nodes), new Cost(101, 46), points, clock, Faults.none());
    }

    /**
     * What each query costs.
     *
     * @param requested needed to run it; default 101
     * @param actual paid for it; default 46
     * @return a changed copy
     */
    public FakeShopifyGraphQl cost(int requested, int actual) {
        if (actual < 0 || requested < actual) {
            throw new IllegalArgumentException(
                    "cost must be at least 0, and the actual not above the requested: " + requested + ", " + actual);
        }
        return new FakeShopifyGraphQl(name, nodes, new Cost(requested, actual), spent.restarted(), clock, faults());
    }

    /**
     * How many points there are.
     *
     * @param maximum default 1000
     * @param restoredPerSecond default 50
     * @return a changed copy
     */
    public FakeShopifyGraphQl points(int maximum, double restoredPerSecond) {
        LeakyBucket points = new LeakyBucket(maximum, restoredPerSecond, clock);
        return new FakeShopifyGraphQl(name, nodes, cost, points, clock, faults());
    }

    /**
     * Tells the time by which points are restored. Default: the system's clock.
     *
     * @param clock asked at every request, on an event loop
     * @return a changed copy
     */
    public FakeShopifyGraphQl clock(InstantSource clock) {
        LeakyBucket points = new LeakyBucket(spent.size(), spent.leakPerSecond(), clock);
        return new FakeShopifyGraphQl(name, nodes, cost, points, clock, faults());
    }

    @Override
    FakeShopifyGraphQl with(Faults<Answer> faults) {
        return new FakeShopifyGraphQl(name, nodes, cost, spent.restarted(), clock, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        Connection page = Connection.asked(asked.json(), 50);
        if (!asked.is("POST") || !asked.path().equals("/admin/api/2024-10/graphql.json")) {
            answer.failJson(404, "{\"errors\":\"Not Found\"}");
        } else if (!spent.take(cost.requested())) {
            answer.json("{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{\"code\":\"THROTTLED\"}}],%s}"
                    .formatted(extensions("null")));
        } else {
            spent.giveBack(cost.requested() - cost.actual());
            int from = page.start(nodes).orElse(-1);
            if (from < 0 || page.first() < 1 || page.first() > 250) {
                answer.json("{\"errors\":[{\"message\":\"Invalid cursor for current pagination sort.\"}]}");
                return;
            }
            int to = Math.min(nodes.size(), from + page.first());
            answer.json("{\"data\":{\"%s\":%s},%s}"
                    .formatted(
                            name, Connection.page(nodes, from, to, true), extensions(Integer.toString(cost.actual()))));
        }
    }

    private String extensions(String actual) {
        return String.format(
                Locale.ROOT,
                "\"extensions\":{\"cost\":{\"requestedQueryCost\":%d,\"actualQueryCost\":%s,\"throttleStatus\":{\"maximumAvailable\":%.1f,\"currentlyAvailable\":%d,\"restoreRate\":%.1f}}}",
                cost.requested(),
                actual,
                spent.size(),
                (long) (spent.size() - spent.level()),
                spent.leakPerSecond());
    }
}
