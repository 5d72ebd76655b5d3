package dev.headrace.examples;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import reactor.core.publisher.Flux;

/** The first program of the guide. */
public final class FirstFlux {

    record Issue(long number, String title) {}

    static Flux<Issue> issues(Connector github) {
        Endpoint<Issue> issues = Endpoint.get("/repos/{owner}/{repo}/issues")
                .query("state", "all")
                .query("per_page", 10)
                .paginate(Pagination.linkHeader())
                .items(Issue.class);
        return github.records(issues.with("owner", "reactor").with("repo", "reactor-core"));
    }

    public static void main(String[] args) {
        try (Connector github = Connector.builder("https://api.github.com").build()) {
            issues(github)
                    .take(15) // two pages of ten, and no third
                    .doOnNext(issue -> System.out.println(issue.number() + " " + issue.title()))
                    .blockLast();
        }
    }
}
