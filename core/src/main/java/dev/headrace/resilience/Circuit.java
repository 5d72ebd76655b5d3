package dev.headrace.resilience;

import dev.headrace.http.Request;
import dev.headrace.resilience.CircuitState.Position;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One circuit. Resilience4j counts and keeps the state; around it lie three things it does not do.
 *
 * <p><b>Outcomes belong to their era.</b> An era ends with every change of the state. A call that was let through when the circuit was closed
 * and ends when it is half open says nothing about the trial, and must neither decide it nor give back a permit it never had.
 * <b>One failing trial opens</b> the circuit again, whatever the rate, and all of them close it, whatever the minimum of calls. <b>The time of the next trial</b> is exact to the nanosecond and known to
 * those who are refused.
 *
 * <p>Everything runs under one monitor, in which nothing foreign is called; so the locks of the state machine are never contended.
 */
final class Circuit {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    /** That one call may pass; its outcome is told once. */
    final class Permit {

        private final long era;
        private boolean told;

        private Permit(long era) {
            this.era = era;
        }

        void succeeded(Request request) {
            tell(request, Circuit.this::countSuccess);
        }

        void failed(Request request) {
            tell(request, Circuit.this::countFailure);
        }

        /** It has neither succeeded nor failed: somebody else may have it. */
        void giveBack(Request request) {
            tell(request, machine::releasePermission);
        }

        /** What was counted as a success has failed in the end. */
        void failedLater(Request request) {
            String change;
            synchronized (Circuit.this) {
                boolean trialOfOthers = machine.getState() == State.HALF_OPEN && era != Circuit.this.era;
                change = trialOfOthers ? "" : changing(Circuit.this::countFailure);
            }
            log(change, request);
        }

        private void tell(Request request, Runnable outcome) {
            String change;
            synchronized (Circuit.this) {
                if (told) {
                    return;
                }
                told = true;
                change = era == Circuit.this.era ? changing(outcome) : "";
            }
            log(change, request);
        }
    }

    private final CircuitBreakerPolicy policy;
    private final long openNanos;

    // All guarded by this.
    private final CircuitBreakerStateMachine machine;
    private long era;
    private int trialsPassed;
    private long openUntil;
    private long lastUse;

    Circuit(CircuitBreakerPolicy policy) {
        this.policy = policy;
        this.openNanos = SchedulerClock.nanosOf(policy.openFor());
        this.machine = new CircuitBreakerStateMachine("headrace", policy.config());
        this.lastUse = SchedulerClock.nanos();
    }

    /** Whether a call would surely be refused now; asks without taking anything. */
    synchronized boolean isOpen() {
        return machine.getState() == State.OPEN && openUntil - SchedulerClock.nanos() > 0;
    }

    /** Lets a call pass, or not. */
    synchronized Optional<Permit> acquire() {
        lastUse = SchedulerClock.nanos();
        if (isOpen()) {
            return Optional.empty();
        }
        if (machine.getState() == State.OPEN) {
            era++;
            trialsPassed = 0;
            machine.transitionToHalfOpenState();
        }
        return machine.tryAcquirePermission() ? Optional.of(new Permit(era)) : Optional.empty();
    }

    synchronized CircuitOpenException refusal(Request request) {
        return new CircuitOpenException(request, retryAt());
    }

    private @Nullable Instant retryAt() {
        return machine.getState() == State.OPEN
                ? SchedulerClock.instantAfter(Math.max(0, openUntil - SchedulerClock.nanos()))
                : null;
    }

    private void countSuccess() {
        if (machine.getState() != State.HALF_OPEN) {
            machine.onSuccess(0, TimeUnit.NANOSECONDS);
        } else if (++trialsPassed == policy.halfOpenTrials()) {
            machine.transitionToClosedState();
        }
    }

    private void countFailure() {
        if (machine.getState() == State.HALF_OPEN) {
            machine.transitionToOpenState();
        } else {
            machine.onError(0, TimeUnit.NANOSECONDS, new Failure());
        }
    }

    /** Does something that may change the state, and says how it did; empty if it did not. */
    private String changing(Runnable event) {
        long now = SchedulerClock.nanos();
        lastUse = now;
        State before = machine.getState();
        event.run();
        State after = machine.getState();
        if (before == after) {
            return "";
        }
        era++;
        if (after == State.OPEN) {
            openUntil = now + openNanos;
            return before == State.CLOSED ? "opened" : "stays open";
        }
        return "closed";
    }

    private void log(String change, Request request) {
        switch (change) {
            case "opened" ->
                LOG.warn(
                        "Circuit opened for {} after too many failures, the last by {}",
                        policy.openFor(),
                        request.describe());
            case "stays open" ->
                LOG.debug("Circuit stays open for {}: tried by {}", policy.openFor(), request.describe());
            case "closed" -> LOG.info("Circuit closed again: tried by {}", request.describe());
            default -> {}
        }
    }

    synchronized CircuitState state(String key) {
        Position position = switch (machine.getState()) {
            case OPEN -> Position.OPEN;
            case HALF_OPEN -> Position.HALF_OPEN;
            default -> Position.CLOSED;
        };
        return new CircuitState(key, position, machine.getMetrics().getNumberOfFailedCalls(), retryAt());
    }

    synchronized boolean isForgettable() {
        boolean spotless =
                machine.getState() == State.CLOSED && machine.getMetrics().getNumberOfFailedCalls() == 0;
        long idle = SchedulerClock.nanos() - lastUse;
        return spotless || idle > openNanos + FORGET_AFTER.toNanos();
    }

    private static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Failure() {
            super("a call failed", null, false, false);
        }
    }
}
