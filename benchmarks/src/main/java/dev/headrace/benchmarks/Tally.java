package dev.headrace.benchmarks;

/**
 * Proof that a contestant has read everything.
 *
 * @param items how many items
 * @param sum of what is in them; {@link #UNREAD} if nothing looks inside, as in a limit that only counts
 */
record Tally(long items, long sum) {

    static final long UNREAD = -1;
    static final Tally NOTHING = new Tally(0, 0);

    /** Counts as items come, on one thread at a time. */
    static final class Counter {
        private long items;
        private long sum;

        void add(long value) {
            items++;
            sum += value;
        }

        Tally result() {
            return new Tally(items, sum);
        }
    }

    static Tally counted(long items) {
        return new Tally(items, UNREAD);
    }

    void check(Tally expected) {
        if (items != expected.items || (sum != UNREAD && sum != expected.sum)) {
            throw new IllegalStateException("Expected " + expected + " but read " + this);
        }
    }
}
