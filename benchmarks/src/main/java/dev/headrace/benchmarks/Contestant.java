package dev.headrace.benchmarks;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;

/**
 * One who does the work that is compared, in a process of its own.
 *
 * @param name what it is called in the table
 * @param preparation gets it ready
 */
record Contestant(String name, Preparation preparation) {

    /** Makes clients and codecs, which are not measured, for the passes, which are. */
    @FunctionalInterface
    interface Preparation {
        Pass prepare(String url, Knobs knobs) throws Exception;
    }

    /** Does all of the work once and says what it saw. */
    @FunctionalInterface
    interface Pass {
        Tally run() throws Exception;
    }

    static Contestant of(String name, Preparation preparation) {
        return new Contestant(name, preparation);
    }

    /** A pass that reads a stream to its end with no limit on demand, and adds up a number of each item. */
    static <T> Pass flux(Supplier<Flux<T>> stream, ToLongFunction<? super T> value) {
        return () -> {
            Tally.Counter counter = new Tally.Counter();
            stream.get().doOnNext(item -> counter.add(value.applyAsLong(item))).blockLast();
            return counter.result();
        };
    }
}
