package dev.headrace.benchmarks;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Who makes the same requests: the transport alone, and connectors around it with more and more of the chain. */
enum Contestant {
    TRANSPORT {
        @Override
        Calls calls(String url) {
            Exchange transport = Transport.over(TransportSettings.defaults());
            return request -> transport.exchange(request, Contestant::body);
        }
    },
    DEFAULTS {
        @Override
        Calls calls(String url) {
            return of(Connector.builder(url).build());
        }
    },
    FULL_CHAIN {
        @Override
        Calls calls(String url) {
            return of(Connector.builder(url)
                    .auth(Auth.bearer(Secret.of("token")))
                    .retry(RetryPolicy.defaults())
                    .rateLimit(RateLimitPolicy.perSecond(1_000_000))
                    .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, Duration.ofMinutes(1)))
                    .build());
        }
    };

    /** Makes one call and reads the answer. */
    interface Calls {
        Flux<byte[]> call(Request request);
    }

    abstract Calls calls(String url);

    private static Calls of(Connector connector) {
        return request -> connector.exchange(request, Contestant::body);
    }

    private static Publisher<byte[]> body(Response response) {
        return response.readAll(1024);
    }
}
