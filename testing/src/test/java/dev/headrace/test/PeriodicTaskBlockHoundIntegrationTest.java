package dev.headrace.test;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class PeriodicTaskBlockHoundIntegrationTest {

    @Test
    void cancellingIntervalsOnManyThreadsLeavesTheSchedulerAlive() {
        Scheduler timer = Schedulers.newParallel("one-timer", 1);
        Scheduler loops = Schedulers.newParallel("loops", 4);
        try {
            Mono<Void> cancels = Mono.<Void>fromRunnable(() -> {
                        for (int i = 0; i < 20_000; i++) {
                            Flux.interval(ofHours(1), timer).subscribe().dispose();
                        }
                    })
                    .subscribeOn(loops);

            Mono.when(cancels, cancels, cancels, cancels).block(ofSeconds(30));

            assertThat(Mono.delay(ofMillis(1), timer).block(ofSeconds(5))).isZero();
        } finally {
            timer.dispose();
            loops.dispose();
        }
    }
}
