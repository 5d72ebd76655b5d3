package dev.headrace.resilience;

/**
 * How a {@link Bulkhead} stands.
 *
 * @param running exchanges that hold a place
 * @param waiting callers in line
 */
public record BulkheadState(int running, int waiting) {

    /**
     * Takes the values.
     *
     * @param running as {@link #running()}
     * @param waiting as {@link #waiting()}
     */
    public BulkheadState {}
}
