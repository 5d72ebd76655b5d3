package dev.headrace.http;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class AcquireTimerTest {

    @Test
    void runsATaskUnlessItsWaitIsOver() {
        AtomicBoolean ranAfterAll = new AtomicBoolean();
        Sinks.Empty<Void> ran = Sinks.empty();

        AcquireTimer.schedule(() -> ranAfterAll.set(true), ofMillis(1)).dispose();
        AcquireTimer.schedule(ran::tryEmitEmpty, ofMillis(2));

        ran.asMono().block(ofSeconds(30));
        assertThat(ranAfterAll).isFalse();
    }
}
