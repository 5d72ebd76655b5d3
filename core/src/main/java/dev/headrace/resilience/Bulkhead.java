package dev.headrace.resilience;

import dev.headrace.http.Request;

/**
 * The state of a {@link BulkheadPolicy}: who runs and who waits. Shared by all calls that go through it: a connector owns one and shares it
 * with its children. Holds no thread and no resource.
 */
public final class Bulkhead {

    private final BulkheadPolicy policy;
    private final WaitingLine<Places> line;

    Bulkhead(BulkheadPolicy policy) {
        this.policy = policy;
        this.line = new WaitingLine<>(
                new Places(policy.maxConcurrent()), policy.maxWait(), policy.maxQueued(), this::refusal);
    }

    /**
     * What this was made from.
     *
     * @return the policy
     */
    public BulkheadPolicy policy() {
        return policy;
    }

    /**
     * How many run and wait.
     *
     * @return a snapshot
     */
    public BulkheadState state() {
        return line.state((places, waiting) -> new BulkheadState(places.running, waiting));
    }

    WaitingLine<Places>.Ticket ticket(Request request) {
        return line.ticket(request, 1);
    }

    private BulkheadFullException refusal(Request request, long wait, boolean lineFull) {
        return new BulkheadFullException(request, reason(lineFull));
    }

    private String reason(boolean lineFull) {
        String running = policy.maxConcurrent() + " exchanges are running";
        return lineFull
                ? running + " and " + policy.maxQueued()
                        + " are waiting; ask for less at once, or raise maxConcurrent or maxQueued"
                : running + " and no place became free within "
                        + policy.maxWait().toMillis() + " ms; ask for less at once, or raise maxConcurrent or maxWait";
    }

    boolean hasTimer() {
        return line.hasTimer();
    }

    @Override
    public String toString() {
        return "Bulkhead[" + policy + "]";
    }

    /** Places that somebody has or has not. */
    static final class Places implements Gate {

        private final int places;
        private int running;

        private Places(int places) {
            this.places = places;
        }

        @Override
        public long enter(int weight, long now) {
            if (running == places) {
                return UNTIL_TOLD;
            }
            running++;
            return 0;
        }

        @Override
        public void giveBack(int weight, long since) {
            running--;
        }

        @Override
        public long estimate(long weightAhead, int weight, long now) {
            return UNTIL_TOLD;
        }

        @Override
        public boolean isFresh(long now) {
            return running == 0;
        }
    }
}
