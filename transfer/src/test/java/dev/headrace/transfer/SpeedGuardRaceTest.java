package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** With a real clock, whose timers run late and beside one another. */
class SpeedGuardRaceTest {

    private static final MinimumSpeed SPEED = MinimumSpeed.of(1000, Duration.ofMillis(100));

    @Test
    void findsOutEachBodyThatDrips() { // 49
        // The reader takes a moment for each drop, in which the clock stands still: the next look is due in a moment as
        // well.
        List<String> failures = Objects.requireNonNull(Flux.range(0, 300)
                .flatMap(i -> dripping(i % 30 * 10_000L), 30)
                .collectList()
                .block(Origin.LONG));

        assertThat(failures)
                .hasSize(300)
                .filteredOn(failure -> !failure.equals("TransferTooSlowException"))
                .isEmpty();
    }

    private static Mono<String> dripping(long nanosEach) {
        Flux<Long> drops = Flux.interval(Duration.ofMillis(10)).onBackpressureDrop();
        return new SpeedGuard<>(drops, drop -> 1, SPEED, "a body")
                .doOnNext(drop -> takeTime(nanosEach))
                .then(Mono.just("an end"))
                .timeout(Duration.ofSeconds(30))
                .onErrorResume(failure -> Mono.just(failure.getClass().getSimpleName()));
    }

    private static void takeTime(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            // A moment only.
        }
    }
}
