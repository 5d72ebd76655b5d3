package dev.headrace.examples;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.HeadraceException;
import dev.headrace.examples.FirstFlux.Issue;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.observe.WireLog;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RateLimitPolicy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The listings of the guide's first page. */
final class GettingStartedListings {

    private GettingStartedListings() {}

    static Mono<Issue> one(Connector github) {
        Request first = Request.get("/repos/{owner}/{repo}/issues/{n}", "reactor", "reactor-core", 1);
        Mono<Issue> one = github.fetch(first, Issue.class);
        return one;
    }

    static Connector configured() {
        Connector github = Connector.builder("https://api.github.com")
                .header("Accept", "application/vnd.github+json")
                .auth(Auth.bearer(Secret.environment("GITHUB_TOKEN"))) // never printed
                .rateLimit(RateLimitPolicy.perSecond(5).and(RateLimitPolicy.adaptive()))
                .build();
        return github;
    }

    static Connector watched() {
        Connector github = Connector.builder("https://api.github.com")
                .wireLog(WireLog.to(System.err::println))
                .build();
        return github;
    }

    static Flux<Issue> search(Connector github) {
        Endpoint<Issue> found = Endpoint.get("/search/issues")
                .query("q", "repo:reactor/reactor-core is:open")
                .at("/items")
                .paginate(Pagination.linkHeader())
                .items(Issue.class);
        return github.records(found);
    }

    static String advice(HeadraceException failure) {
        return switch (failure.kind()) {
            case TRANSIENT -> "try again later";
            case CONFIGURATION -> "change the address, the credentials or a setting";
            case PERMANENT -> "do not send this again";
            case UNTRUSTED_DATA -> "do not use what came last";
            case LOCAL -> "look at this machine";
        };
    }
}
