package dev.headrace.connector;

import dev.headrace.Defaults;

/** How many requests are under way at once, and what a failure does to the others. A value: every change gives a new one. */
public final class BatchOptions {

    private static final BatchOptions DEFAULTS = new BatchOptions(Defaults.BATCH_CONCURRENCY, 1, false);

    private final int concurrency;
    private final int itemsPerRequest;
    private final boolean failFast;

    private BatchOptions(int concurrency, int itemsPerRequest, boolean failFast) {
        this.concurrency = concurrency;
        this.itemsPerRequest = itemsPerRequest;
        this.failFast = failFast;
    }

    /**
     * So many requests at once; failures are values.
     *
     * @param requests under way at once, at least 1; defaults: 5 for {@code batch}, 10 for {@code send}
     * @return the options
     */
    public static BatchOptions concurrency(int requests) {
        return new BatchOptions(positive("concurrency", requests), DEFAULTS.itemsPerRequest, DEFAULTS.failFast);
    }

    /**
     * Sends several items with one request, as a JSON array; for {@link Connector#sendTogether} only.
     *
     * @param items most items of one request; default 1
     * @return new options
     */
    public BatchOptions itemsPerRequest(int items) {
        return new BatchOptions(concurrency, positive("itemsPerRequest", items), failFast);
    }

    /**
     * Ends with the first failure, in the order of the input, and cancels what is still under way. Without it failures are values among the
     * others.
     *
     * @return new options
     */
    public BatchOptions failFast() {
        return new BatchOptions(concurrency, itemsPerRequest, true);
    }

    static BatchOptions defaults() {
        return DEFAULTS;
    }

    int concurrency() {
        return concurrency;
    }

    int itemsPerRequest() {
        return itemsPerRequest;
    }

    boolean isFailFast() {
        return failFast;
    }

    @Override
    public String toString() {
        return "BatchOptions[" + concurrency + " at once, " + itemsPerRequest + " items a request"
                + (failFast ? ", fail fast" : "") + "]";
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
        return value;
    }
}
