package dev.headrace.connector;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitExceededException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
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
        return Mono.defer(() -> {
            Scheduler clock = Schedulers.parallel();
            long start = clock.now(TimeUnit.NANOSECONDS);
            return connector
                    .exchange(probe, response -> response.discard().thenReturn(judge(response, since(start))))
                    .single()
                    .onErrorResume(failure -> Mono.just(judge(failure, since(start))));
        });
    }

    private Health judge(Response response, Duration latency) {
        int status = response.status();
        if (status >= 500) {
            return new Health(Health.Status.DOWN, latency, "it answers with status " + status, status);
        }
        if (status == 429) {
            return new Health(Health.Status.DEGRADED, latency, "it answers that requests come too fast", status);
        }
        if (status == 401 || status == 403 || status == 407) {
            return new Health(Health.Status.DEGRADED, latency, "it refuses the credentials, status " + status, status);
        }
        boolean recovering = connector.circuits(response.request()).stream()
                .anyMatch(circuit -> circuit.position() == CircuitState.Position.HALF_OPEN);
        return recovering
                ? new Health(Health.Status.DEGRADED, latency, "it has only just begun to answer again", status)
                : new Health(Health.Status.UP, latency, "", status);
    }

    private static Health judge(Throwable failure, Duration latency) {
        if (failure instanceof CircuitOpenException) {
            return new Health(Health.Status.DOWN, Duration.ZERO, String.valueOf(failure.getMessage()), null);
        }
        if (failure instanceof RateLimitExceededException) {
            return new Health(Health.Status.DEGRADED, Duration.ZERO, String.valueOf(failure.getMessage()), null);
        }
        boolean remote = failure instanceof HeadraceException known && known.kind() != FailureKind.LOCAL;
        return new Health(
                remote ? Health.Status.DOWN : Health.Status.UNKNOWN,
                latency,
                String.valueOf(failure.getMessage()),
                null);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(Schedulers.parallel().now(TimeUnit.NANOSECONDS) - start);
    }
}
