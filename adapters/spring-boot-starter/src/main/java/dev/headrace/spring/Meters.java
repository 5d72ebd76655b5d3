package dev.headrace.spring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one thing that counts, read from a snapshot of it each time.
 *
 * @param tag what kind of thing it is
 * @param name which of them
 * @param owner the thing, which the registry does not keep alive
 * @param snapshot reads it
 */
record Meters<T, S>(MeterRegistry registry, String tag, String name, T owner, Function<T, S> snapshot) {

    void gauge(String meter, String description, ToDoubleFunction<S> value) {
        Gauge.builder(meter, owner, read(value))
                .description(description)
                .tag(tag, name)
                .register(registry);
    }

    void millis(String meter, String description, ToDoubleFunction<S> value) {
        TimeGauge.builder(meter, owner, TimeUnit.MILLISECONDS, read(value))
                .description(description)
                .tag(tag, name)
                .register(registry);
    }

    void counter(String meter, String description, @Nullable String unit, ToDoubleFunction<S> value) {
        FunctionCounter.builder(meter, owner, read(value))
                .description(description)
                .baseUnit(unit)
                .tag(tag, name)
                .register(registry);
    }

    private ToDoubleFunction<T> read(ToDoubleFunction<S> value) {
        return own -> value.applyAsDouble(snapshot.apply(own));
    }
}
