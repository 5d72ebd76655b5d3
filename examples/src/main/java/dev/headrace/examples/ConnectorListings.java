package dev.headrace.examples;

import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.bodyContains;
import static dev.headrace.resilience.ErrorCondition.failure;
import static dev.headrace.resilience.ErrorCondition.header;
import static dev.headrace.resilience.ErrorCondition.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.auth.OAuth2Client;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorStats;
import dev.headrace.connector.Hook;
import dev.headrace.connector.RequestMatcher;
import dev.headrace.error.FailureKind;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Secret;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TransportException;
import dev.headrace.observe.ExchangeCounts;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.ErrorRule;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.IdempotencyKeys;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The listings of the guide to connectors. */
final class ConnectorListings {

    private ConnectorListings() {}

    static Connector whole() {
        Connector shop = Connector.builder("https://api.example.com/v2")
                .name("shop") // in metrics and statistics
                .header("Accept", "application/json")
                .auth(Auth.bearer(Secret.environment("SHOP_TOKEN")))
                .timeouts(Timeouts.defaults().head(ofSeconds(20)))
                .retry(RetryPolicy.exponential(ofMillis(500)).maxRetries(5).maxDelay(ofSeconds(30)))
                .rateLimit(RateLimitPolicy.perSecond(10).burst(20))
                .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, ofMinutes(1)))
                .bulkhead(BulkheadPolicy.maxConcurrent(20))
                .build();
        return shop;
    }

    static List<Auth> credentials(Secret token, Secret key, Secret password) {
        return List.of(
                Auth.bearer(token),
                Auth.basic("ann", password),
                Auth.apiKey("X-API-Key", key),
                Auth.apiKeyInQuery("api_key", key),
                Auth.header("Authorization", "Token", key),
                Auth.bearer(Secret.readEachTime(Path.of("/run/secrets/token"))), // rotated by whoever writes the file
                Auth.rotating(Auth.apiKey(key), Auth.apiKey(token))); // one after the other
    }

    static OAuth2 forTheApplication() {
        OAuth2 tokens = OAuth2.clientCredentials(
                        "https://id.example.com/token", "app", Secret.environment("APP_SECRET"))
                .scope("orders:read", "orders:write")
                .parameter("audience", "https://api.example.com");
        return tokens;
    }

    static OAuth2 forSomebody(Secret secret, Secret refreshToken, Function<Secret, Mono<Void>> keep) {
        OAuth2 tokens = OAuth2.refreshToken("https://id.example.com/token", "app", secret, refreshToken)
                .onNewRefreshToken(token -> keep.apply(token)); // before the access token with it is used
        return tokens;
    }

    static OAuth2 forTenants(Function<Object, Mono<OAuth2Client>> vault) {
        OAuth2 tokens = OAuth2.clientCredentials("https://id.example.com/token")
                .keyedBy(context -> context.get("tenant"), tenant -> vault.apply(tenant));
        return tokens;
    }

    static Auth signed(Function<byte[], String> hmac) {
        Auth signature = request -> Mono.fromSupplier(() -> request.header(
                "X-Signature", Secret.of(hmac.apply(request.uri().getRawPath().getBytes(StandardCharsets.UTF_8)))));
        return signature;
    }

    static Request patient() {
        return Request.get("/reports/{id}", 7)
                .options(options -> options.timeouts(clocks -> clocks.head(ofMinutes(5))));
    }

    static RetryPolicy retries() {
        RetryPolicy retry = RetryPolicy.exponential(ofMillis(500))
                .maxRetries(5)
                .maxRetryAfter(ofMinutes(10))
                .waitFrom(RetryAfter.untilIn("X-RateLimit-Reset"))
                .budget(0.2, 20);
        return retry;
    }

    static Connector keyed() {
        return Connector.builder("https://api.example.com/v2")
                .callInterceptor(IdempotencyKeys.random()) // the same key for all attempts of a call
                .build();
    }

    static List<RateLimitPolicy> limits() {
        return List.of(
                RateLimitPolicy.perSecond(10).burst(20),
                RateLimitPolicy.of(100, ofMinutes(1)),
                RateLimitPolicy.window(100, ofSeconds(10)).and(RateLimitPolicy.window(5_000, ofMinutes(60))),
                RateLimitPolicy.evenly(1, ofMillis(250)),
                RateLimitPolicy.adaptive(),
                RateLimitPolicy.perSecond(5).and(RateLimitPolicy.adaptive()).maxWait(ofMinutes(2)),
                RateLimitPolicy.perSecond(50).weight(request -> request.method().equals("GET") ? 1 : 5),
                RateLimitPolicy.perSecond(5).keyedBy((request, context) -> context.getOrDefault("tenant", "nobody")));
    }

    static Connector ruled() {
        Connector shop = Connector.builder("https://api.example.com/v2")
                .rateLimit(RateLimitPolicy.perSecond(10))
                .when(
                        "search",
                        RequestMatcher.path("/v2/search/**"), // the whole path, the base URL's part too
                        search -> search.rateLimit(RateLimitPolicy.of(30, ofMinutes(1)))
                                .timeouts(clocks -> clocks.head(ofMinutes(2))))
                .when("writes", RequestMatcher.method("POST", "PATCH"), writes -> writes.retry(RetryPolicy.never()))
                .when("public", RequestMatcher.path("/v2/status"), open -> open.auth(Auth.none()))
                .build();
        return shop;
    }

    static Connector hooked(Supplier<String> ids) {
        Connector shop = Connector.builder("https://api.example.com/v2")
                .hook(Hook.before(
                        "request id", request -> Mono.fromSupplier(() -> request.header("X-Request-Id", ids.get()))))
                .hook(Hook.onError(
                        "empty while away",
                        (request, failure) -> failure instanceof CircuitOpenException
                                ? Mono.just(Response.of(
                                        request, 200, Headers.none(), "[]".getBytes(StandardCharsets.UTF_8)))
                                : Mono.empty()))
                .build();
        return shop;
    }

    static ExchangeListener listener() {
        ExchangeListener slow = new ExchangeListener() {
            @Override
            public void callEnded(Request request, ExchangeEnd end) {
                if (end.duration().compareTo(ofSeconds(5)) > 0) {
                    System.err.println(request.describe() + " took " + end.duration()); // describe() shows no secret
                }
            }
        };
        return slow;
    }

    static ErrorRules rules() {
        ErrorRules meaning = ErrorRules.of(
                ErrorRule.when(status(200))
                        .and(bodyAt("/error/code", "throttled"))
                        .rateLimited(ofSeconds(10)),
                ErrorRule.when(status(200)).and(bodyAt("/error")).fail(FailureKind.PERMANENT, "the shop refused"),
                ErrorRule.when(status(400)).and(bodyContains("token expired")).renewCredentials(),
                ErrorRule.when(status(409)).and(header("X-Retry", "true")).retry(),
                ErrorRule.when(status(404)).ignore(), // no content, so a page without items
                ErrorRule.when(failure(TransportException.class)).retry(ofSeconds(5)));
        return meaning;
    }

    static Connector variant(Connector shop, Secret otherToken) {
        Connector other = shop.mutate()
                .auth(Auth.bearer(otherToken))
                .withoutRule("search")
                .header("X-Client", "nightly")
                .build(); // the same pool, limits, breaker and budget
        return other;
    }

    static void stats(Connector shop) {
        ConnectorStats stats = shop.stats(); // a snapshot
        ExchangeCounts counts = stats.exchanges();
        System.out.println(counts.calls() + " calls, " + counts.retries() + " retries, " + counts.meanLatency());
        stats.rateLimits().forEach(limit -> System.out.println(limit.key() + ": " + limit.waiting() + " wait"));
        stats.circuits().forEach(circuit -> System.out.println(circuit.key() + " is " + circuit.position()));
        stats.pools().forEach(pool -> System.out.println(pool.origin() + ": " + pool.active() + " in use"));
    }

    static Mono<Void> closed(Connector shop) {
        return shop.closeGracefully(ofSeconds(20)); // a Mono: nothing is closed before it is subscribed to
    }
}
