package dev.headrace.connector;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Verdict;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitExceededException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Asks a remote how it is, with one request through the whole chain, sent once. */
final class HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Connector connector;
    private final Request probe;

    HealthCheck(Connector connector, Request probe) {
        this.connector = connector;
        this.probe = probe.options(options -> options.retry(false).timeouts(t -> t.total(PATIENCE)));
    }

    Mono<Health> health() {
        return Mono.deferContextual(context -> {
                    long start = Schedulers.parallel().now(TimeUnit.NANOSECONDS);
                    AtomicBoolean sent = new AtomicBoolean();
                    Connector.Prepared asking = noting(sent).prepare(probe);
                    return asking.call(response -> response.discard()
                                    .thenReturn(judge(response, isRecovering(asking.circuit(context)), since(start))))
                            .single()
                            .onErrorResume(failure -> Mono.just(judge(failure, sent.get(), since(start))));
                })
                .onErrorResume(failure -> Mono.just(judge(failure, false, Duration.ZERO)));
    }

    /** The same connector, limits and breaker and all, that notes when its turn has come. */
    private Connector noting(AtomicBoolean sent) {
        return connector
                .mutate()
                .interceptor((request, next) -> {
                    sent.set(true);
                    return next.exchange(request);
                })
                .build();
    }

    private static boolean isRecovering(Optional<CircuitState> circuit) {
        return circuit.filter(state -> state.position() == CircuitState.Position.HALF_OPEN)
                .isPresent();
    }

    private static Health judge(Response response, boolean recovering, Duration latency) {
        int status = response.status();
        Verdict verdict = response.verdict().orElse(null);
        if (verdict instanceof Verdict.Retry
                || verdict instanceof Verdict.Fail fail && fail.kind() == FailureKind.TRANSIENT) {
            return new Health(
                    Health.Status.DOWN, latency, "a rule takes its answer for a failure, status " + status, status);
        }
        if (status == 429 || verdict instanceof Verdict.RateLimited) {
            return new Health(Health.Status.DEGRADED, latency, "it answers that requests come too fast", status);
        }
        if (status >= 500 && !(verdict instanceof Verdict.Accept)) {
            return new Health(Health.Status.DOWN, latency, "it answers with status " + status, status);
        }
        if (status == 401 || status == 403 || status == 407 || isRefusal(verdict)) {
            return new Health(Health.Status.DEGRADED, latency, "it refuses the credentials, status " + status, status);
        }
        return recovering
                ? new Health(Health.Status.DEGRADED, latency, "it has only just begun to answer again", status)
                : new Health(Health.Status.UP, latency, "", status);
    }

    private static boolean isRefusal(@Nullable Verdict verdict) {
        return verdict instanceof Verdict.RenewCredentials || verdict instanceof Verdict.CredentialsRenewed;
    }

    private static Health judge(Throwable failure, boolean sent, Duration latency) {
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof CircuitOpenException) {
            return new Health(Health.Status.DOWN, Duration.ZERO, reason, null);
        }
        if (failure instanceof RateLimitExceededException) {
            return new Health(Health.Status.DEGRADED, Duration.ZERO, reason, null);
        }
        if (!sent) {
            return new Health(Health.Status.UNKNOWN, Duration.ZERO, "it was not sent: " + reason, null);
        }
        boolean remote = failure instanceof HeadraceException known && known.kind() != FailureKind.LOCAL;
        return new Health(remote ? Health.Status.DOWN : Health.Status.UNKNOWN, latency, reason, null);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(Schedulers.parallel().now(TimeUnit.NANOSECONDS) - start);
    }
}
