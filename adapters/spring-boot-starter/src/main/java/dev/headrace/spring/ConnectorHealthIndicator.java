package dev.headrace.spring;

import dev.headrace.connector.Connector;
import dev.headrace.http.Redactor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

/** Asks a remote how it is, with one request, and says it in Actuator's words. */
final class ConnectorHealthIndicator implements ReactiveHealthIndicator {

    /** The remote answers, but slows us down, refuses the credentials, or has only just begun to answer again. */
    static final Status DEGRADED = new Status("DEGRADED");

    private final Connector connector;

    ConnectorHealthIndicator(Connector connector) {
        this.connector = connector;
    }

    @Override
    public Mono<Health> health() {
        return connector.health().map(ConnectorHealthIndicator::told);
    }

    private static Health told(dev.headrace.connector.Health health) {
        Health.Builder told = Health.status(status(health.status()))
                .withDetail("latency", health.latency().toMillis() + "ms");
        if (!health.reason().isEmpty()) {
            told.withDetail("reason", Redactor.text(health.reason()));
        }
        Integer status = health.statusCode();
        return status == null ? told.build() : told.withDetail("status", status).build();
    }

    private static Status status(dev.headrace.connector.Health.Status status) {
        return switch (status) {
            case UP -> Status.UP;
            case DEGRADED -> DEGRADED;
            case DOWN -> Status.DOWN;
            case UNKNOWN -> Status.UNKNOWN;
        };
    }
}
