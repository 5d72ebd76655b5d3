package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import java.time.Instant;
import reactor.core.publisher.Flux;

/** Records from a paginated API, as many as are asked for: page two is requested when page one is used up, and not before. */
public final class PagesExample {

    record Issue(long number, String title, String state, Instant updatedAt) {}

    static final Endpoint<Issue> ISSUES = Endpoint.get("/api/issues")
            .query("per_page", 100)
            .paginate(Pagination.linkHeader())
            .items(Issue.class);

    private PagesExample() {}

    static Flux<Issue> openIssues(Connector api) {
        return api.records(ISSUES).filter(issue -> issue.state().equals("open"));
    }

    /**
     * Prints twenty open issues, for which one request is enough.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(args, api -> openIssues(api).take(20));
    }
}
