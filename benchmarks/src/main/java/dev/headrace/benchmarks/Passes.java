package dev.headrace.benchmarks;

/** Runs the same thing over and over, and checks each time that it has read everything. */
final class Passes {

    private Passes() {}

    /** Warms up, then measures some passes together; figures are those of one item. */
    static Measurement measure(Contestant.Pass pass, Tally expected, int warmUps, int passes) {
        repeat(warmUps, pass, expected);
        return Measurement.of(passes * expected.items(), () -> repeat(passes, pass, expected));
    }

    static void repeat(int times, Contestant.Pass pass, Tally expected) {
        for (int i = 0; i < times; i++) {
            try {
                pass.run().check(expected);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
