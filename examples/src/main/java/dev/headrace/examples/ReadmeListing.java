package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import reactor.core.publisher.Flux;

/** The first listing of the README: twenty open issues of a repository at GitHub, in as few requests as that takes. */
public final class ReadmeListing {

    record Issue(long number, String title, String state) {}

    static Flux<Issue> openIssues(Connector github, String owner, String repo) {
        Endpoint<Issue> issues = Endpoint.get("/repos/{owner}/{repo}/issues")
                .query("state", "all")
                .query("per_page", 100)
                .paginate(Pagination.linkHeader())
                .items(Issue.class);
        return github.records(issues.with("owner", owner).with("repo", repo))
                .filter(issue -> issue.state().equals("open"));
    }

    public static void main(String[] args) {
        try (Connector github = Connector.builder("https://api.github.com")
                .header("Accept", "application/vnd.github+json")
                .retry(RetryPolicy.exponential(ofMillis(500)).maxRetries(5).maxDelay(ofSeconds(30)))
                .rateLimit(RateLimitPolicy.adaptive()) // slows down before the API says 429
                .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, ofMinutes(1)))
                .build()) {
            openIssues(github, "reactor", "reactor-core")
                    .take(20) // page two is requested only if page one has fewer than twenty
                    .doOnNext(issue -> System.out.println(issue.number() + " " + issue.title()))
                    .blockLast();
        }
    }
}
