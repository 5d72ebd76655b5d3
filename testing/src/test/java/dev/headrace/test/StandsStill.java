package dev.headrace.test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** Waits until a number that grew grows no more. */
final class StandsStill {

    private StandsStill() {}

    static long await(LongSupplier number) {
        AtomicLong last = new AtomicLong();
        Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
            long now = number.getAsLong();
            return last.getAndSet(now) == now && now > 0;
        });
        return last.get();
    }
}
