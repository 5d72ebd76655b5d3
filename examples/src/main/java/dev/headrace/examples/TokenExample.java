package dev.headrace.examples;

import dev.headrace.auth.OAuth2;
import dev.headrace.connector.BatchOptions;
import dev.headrace.connector.Connector;
import dev.headrace.connector.SendSummary;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A hundred calls to an API that wants a token, and one request for that token. */
public final class TokenExample {

    private static final int CALLS = 100;

    private TokenExample() {}

    static Mono<SendSummary> callsAtOnce(Connector api) {
        Connector trusted = api.mutate()
                .auth(OAuth2.clientCredentials(api.baseUrl() + "/token", "demo", Secret.of("demo-secret")))
                .build();
        return trusted.batch(
                        Flux.range(1, CALLS).map(number -> Request.get("/secured/{number}", number)),
                        BatchOptions.concurrency(CALLS))
                .collect(SendSummary.counting());
    }

    /**
     * Prints how many of the calls succeeded.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        Example.print(
                args,
                api -> callsAtOnce(api)
                        .map(summary -> summary.succeeded() + " of " + CALLS + " calls succeeded; "
                                + api.stats().exchanges()));
    }
}
