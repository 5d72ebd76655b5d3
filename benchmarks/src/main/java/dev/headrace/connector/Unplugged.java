package dev.headrace.connector;

import dev.headrace.auth.Auth;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Transport;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connector's chain with an end that answers at once in place of the network. In the connector's package because nothing outside of it
 * can replace the transport, and an interceptor of one's own would stand in front of a third of the chain.
 */
public final class Unplugged {

    private static final String BASE = "http://localhost";

    private final Connector filling;
    private final Exchange chain;

    private Unplugged(Settings settings, Exchange end) {
        settings.completeState();
        this.filling = Connector.builder(BASE).build();
        this.chain = Chain.assemble(settings, new End(end));
    }

    /**
     * The chain of a connector for which nothing was set.
     *
     * @param end answers
     * @return the chain
     */
    public static Unplugged defaults(Exchange end) {
        return new Unplugged(new Settings(URI.create(BASE)), end);
    }

    /**
     * The chain of a connector with credentials, a rate limit and a breaker as well.
     *
     * @param end answers
     * @return the chain
     */
    public static Unplugged full(Exchange end) {
        Settings settings = new Settings(URI.create(BASE));
        settings.auth = Auth.bearer(Secret.of("token"));
        settings.rateLimit(RateLimitPolicy.perSecond(1_000_000));
        settings.circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, Duration.ofMinutes(1)));
        return new Unplugged(settings, end);
    }

    /**
     * As {@link Connector#exchange(Request, Function)}.
     *
     * @param request what to send
     * @param reader makes the result from the response
     * @param <R> the type of the results
     * @return what the reader made
     */
    public <R> Flux<R> exchange(Request request, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        return Flux.defer(() -> chain.exchange(filling.prepare(request).request(), reader));
    }

    private record End(Exchange answers) implements Transport {

        @Override
        public Mono<Response> exchange(Request request) {
            return answers.exchange(request);
        }

        @Override
        public void close() {
            // There is nothing behind it.
        }

        @Override
        public Mono<Void> closeGracefully(Duration grace) {
            return Mono.empty();
        }
    }
}
