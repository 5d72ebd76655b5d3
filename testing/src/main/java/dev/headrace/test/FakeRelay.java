package dev.headrace.test;

import java.util.ArrayList;
import java.util.List;

/**
 * A GraphQL connection in the style of GitHub, as Relay's specification describes it: {@code nodes} and {@code pageInfo}.
 *
 * <pre>{@code
 * FakeRelay.connection(List.of("repository", "issues"), FakeApi.issues(250)).nullCursor().onRequest(2).once()
 * }</pre>
 *
 * <p>{@code POST /graphql} with {@code variables.first} (or {@code first:100} in the query; 1 to 100, default 100) and {@code variables.after}; the
 * rest of the query does not matter. Errors come under status 200. The last page has an {@code endCursor} too. There is one connection: those
 * within its nodes are whatever the nodes say. Settings return a changed copy that counts from the beginning.
 */
public final class FakeRelay extends FaultyRoute<FakeRelay> {

    private enum Deviation {
        CURSOR_NULL,
        PARTIAL
    }

    private static final String RATE =
            "\"rateLimit\":{\"cost\":1,\"remaining\":4999,\"resetAt\":\"2026-01-01T00:00:00Z\"}";

    private final List<String> location;
    private final List<String> nodes;

    private FakeRelay(List<String> location, List<String> nodes, Faults<Answer> faults) {
        super(faults);
        this.location = location;
        this.nodes = nodes;
    }

    /**
     * One connection.
     *
     * @param location the fields that lead to it, below {@code data}
     * @param nodes one JSON text each
     * @return no faults
     */
    public static FakeRelay connection(List<String> location, List<String> nodes) {
        if (location.isEmpty()) {
            throw new IllegalArgumentException("location must name at least one field");
        }
        return new FakeRelay(List.copyOf(location), List.copyOf(nodes), Faults.none());
    }

    /**
     * Says {@code "endCursor":null} whether or not there is a next page: with {@code "hasNextPage":true}, a client that goes on begins anew.
     *
     * @return when to do so
     */
    public Fault<FakeRelay> nullCursor() {
        return fault(Deviation.CURSOR_NULL);
    }

    /**
     * Gives the page, with {@code null} in place of its last node, and an error that names that place.
     *
     * @return when to do so
     */
    public Fault<FakeRelay> partial() {
        return fault(Deviation.PARTIAL);
    }

    /**
     * Gives fewer nodes than asked, with more to come.
     *
     * @param nodes at most on the page
     * @return when to do so
     */
    public Fault<FakeRelay> shortening(int nodes) {
        return pagesOf(nodes);
    }

    /**
     * Refuses a request for its rate, under status 200, with {@code "data":null}.
     *
     * @return when to do so
     */
    public Fault<FakeRelay> rateLimited() {
        return refusing(
                200,
                "{\"data\":null,\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}");
    }

    /**
     * Finds nothing where the connection should be, under status 200.
     *
     * @return when to do so
     */
    public Fault<FakeRelay> notFound() {
        String first = location.get(0);
        return refusing(
                200,
                "{\"data\":{\"%s\":null},\"errors\":[{\"type\":\"NOT_FOUND\",\"path\":[\"%s\"],\"message\":\"Could not resolve\"}]}"
                        .formatted(first, first));
    }

    @Override
    FakeRelay with(Faults<Answer> faults) {
        return new FakeRelay(location, nodes, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        if (!asked.is("POST") || !asked.path().equals("/graphql")) {
            answer.failJson(404, "{\"message\":\"Not Found\"}");
            return;
        }
        Connection page = Connection.asked(asked.json(), 100);
        int from = page.start(nodes).orElse(-1);
        if (from < 0) {
            refuse(answer, "INVALID_CURSOR_ARGUMENTS", "`" + page.after() + "` does not appear to be a valid cursor.");
        } else if (page.first() < 1 || page.first() > 100) {
            refuse(answer, "EXCESSIVE_PAGINATION", "`first` must be 1 to 100: " + page.first());
        } else {
            int to = from + Math.min(Math.min(page.first(), answer.itemsAtMost), nodes.size() - from);
            boolean partial = answer.deviations.containsKey(Deviation.PARTIAL) && to > from;
            List<String> shown = partial ? withNullAt(to - 1) : nodes;
            String connection = Connection.page(shown, from, to, !answer.deviations.containsKey(Deviation.CURSOR_NULL));
            answer.json(
                    "{\"data\":{%s,%s}%s}".formatted(wrapped(connection), RATE, partial ? errorAt(to - 1 - from) : ""));
        }
    }

    private List<String> withNullAt(int lost) {
        List<String> changed = new ArrayList<>(nodes);
        changed.set(lost, "null");
        return changed;
    }

    private String errorAt(int node) {
        String path = String.join(",", location.stream().map(JsonText::quoted).toList());
        return ",\"errors\":[{\"type\":\"FORBIDDEN\",\"path\":[%s,\"nodes\",%d],\"message\":\"Resource not accessible\"}]"
                .formatted(path, node);
    }

    /** The inner object under its fields, without the braces around all. */
    private String wrapped(String connection) {
        StringBuilder json = new StringBuilder();
        location.forEach(
                field -> json.append('{').append(JsonText.quoted(field)).append(':'));
        return json.append(connection).append("}".repeat(location.size() - 1)).substring(1);
    }

    private static void refuse(Answer answer, String type, String message) {
        answer.failJson(
                200,
                "{\"data\":null,\"errors\":[{\"type\":\"%s\",\"message\":%s}]}"
                        .formatted(type, JsonText.quoted(message)));
    }
}
