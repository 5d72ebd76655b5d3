package dev.headrace.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Reactor's periodic tasks, those of {@code Flux.interval}, take the lock of the scheduler's queue when they are cancelled. Reactor's
 * integration allows it to tasks that run once, and not yet to these (3.8.6). Refusing it does more harm than the error it throws: the
 * thread stays in line for the lock although it has gone, and whoever comes after it waits for ever, so that one worker of {@code
 * Schedulers.parallel()} stands still. Found through the service loader.
 */
public final class PeriodicTaskBlockHoundIntegration implements BlockHoundIntegration {

    /** For the service loader. */
    public PeriodicTaskBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicSchedulerTask", "dispose");
        builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicWorkerTask", "dispose");
        builder.allowBlockingCallsInside("reactor.core.scheduler.InstantPeriodicWorkerTask", "dispose");
    }
}
