package dev.headrace.resilience;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.TransportException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Makes failed attempts again, on {@link Retry#backoff}. */
final class RetryInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(RetryInterceptor.class);

    private final RetryPolicy policy;

    RetryInterceptor(RetryPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        if (policy.maxRetries() == 0 || !request.options().retry() || !request.isReplayable()) {
            return next.exchange(request);
        }
        boolean harmless = policy.retriesAllMethods() || request.isIdempotent();
        return Mono.defer(() -> next.exchange(request))
                // A response in the way of a retry is read and given back before the wait: a wait holds no connection.
                .flatMap(response -> harmless && policy.statuses().contains(response.status())
                        ? response.buffered().flatMap(copy -> Mono.<Response>error(new PassingStatus(copy)))
                        : Mono.just(response))
                .retryWhen(backoff(request, harmless))
                // What the server said last is the answer; whoever wants an error makes one of it.
                .onErrorResume(PassingStatus.class, status -> Mono.just(status.response));
    }

    private Retry backoff(Request request, boolean harmless) {
        return Retry.backoff(policy.maxRetries(), policy.firstDelay())
                .maxBackoff(policy.maxDelay())
                .jitter(policy.jitter())
                .filter(failure -> isRetriable(failure, harmless))
                .doBeforeRetryAsync(signal -> {
                    Duration asked = serverWait(signal.failure());
                    LOG.debug(
                            "Retry {} of {} after {}, server asks for {} ms",
                            signal.totalRetries() + 1,
                            request.describe(),
                            signal.failure().getMessage(),
                            asked.toMillis());
                    return asked.isZero() ? Mono.empty() : Mono.delay(asked).then();
                })
                .onRetryExhaustedThrow((spec, signal) -> signal.failure());
    }

    private boolean isRetriable(Throwable failure, boolean harmless) {
        if (failure instanceof PassingStatus status) {
            return serverWait(status).compareTo(policy.maxRetryAfter()) <= 0;
        }
        return failure instanceof HeadraceException known
                && known.isTransient()
                && (harmless || failure instanceof TransportException transport && !transport.requestSent());
    }

    private static Duration serverWait(Throwable failure) {
        return failure instanceof PassingStatus status
                ? RetryAfter.from(status.response.headers()).orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    /** Carries a response through {@code retryWhen}; never leaves this interceptor. */
    private static final class PassingStatus extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Response response;

        PassingStatus(Response response) {
            super("status " + response.status(), null, false, false);
            this.response = response;
        }
    }
}
