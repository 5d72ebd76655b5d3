package dev.headrace.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be done with a value of the library when a source is used, in this order. Immutable: every step gives a
 * new plan.
 *
 * @param steps from the value before to the value after
 * @param <T> the value
 */
record Plan<T>(List<Step<T>> steps) {

    /** One setting of it. */
    @FunctionalInterface
    interface Step<T> {

        T apply(T value, Scope scope);
    }

    static <T> Plan<T> empty() {
        return new Plan<>(List.of());
    }

    Plan<T> with(Step<T> step) {
        return new Plan<>(Stream.concat(steps.stream(), Stream.of(step)).toList());
    }

    T applied(T value, Scope scope) {
        T result = value;
        for (Step<T> step : steps) {
            result = step.apply(result, scope);
        }
        return result;
    }
}
