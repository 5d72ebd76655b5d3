package dev.headrace.benchmarks;

import java.time.Duration;

/** Runs the same thing over and over, and checks each time that it has read everything. */
final class Passes {

    private Passes() {}

    /** Warms up, then measures some passes together; figures are those of one item. */
    static Measurement measure(Contestant.Pass pass, Tally expected, int warmUps, int passes) throws Exception {
        return measure(pass, expected, warmUps, Duration.ZERO, passes, Duration.ZERO);
    }

    /** The same, with so many of both at least and for so long at least. */
    static Measurement measure(
            Contestant.Pass pass, Tally expected, int warmUps, Duration warmUp, int passes, Duration time)
            throws Exception {
        repeat(pass, expected, warmUps, warmUp);
        return Measurement.of(() -> repeat(pass, expected, passes, time) * expected.items());
    }

    /** Says how many there were; none at all if nothing is asked for. */
    private static long repeat(Contestant.Pass pass, Tally expected, int least, Duration time) throws Exception {
        long begin = System.nanoTime();
        long done = 0;
        while (done < least || System.nanoTime() - begin < time.toNanos()) {
            pass.run().check(expected);
            done++;
        }
        return done;
    }
}
