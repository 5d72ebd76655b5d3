package dev.headrace.resilience;

/** What the head of a {@link WaitingLine} stands before. Only called by its line, one call at a time. */
interface Gate {

    /** A wait that only an event ends. */
    long UNTIL_TOLD = Long.MAX_VALUE;

    /**
     * Lets somebody in and counts them, or says when to ask again.
     *
     * @return 0 for in; otherwise nanoseconds, or {@link #UNTIL_TOLD}
     */
    long enter(int weight, long now);

    /**
     * Takes back what somebody who was let in has not used, or uses no more.
     *
     * @param since when they were let in
     */
    void giveBack(int weight, long since);

    /**
     * How long a newcomer would wait behind others.
     *
     * @return nanoseconds as far as is known, or {@link #UNTIL_TOLD}
     */
    long estimate(long weightAhead, int weight, long now);

    /** Whether there is nothing to remember: nobody is in, nothing is used up. */
    boolean isFresh(long now);
}
