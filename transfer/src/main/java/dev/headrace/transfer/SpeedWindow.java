package dev.headrace.transfer;

/**
 * A stop watch that counts bytes in the last window of the time it ran. The window is moved on by tenths, so that a stall is found out a tenth
 * of a window late at most, whatever came before. Not thread-safe.
 */
final class SpeedWindow {

    /** Less came than must. */
    static final long TOO_SLOW = -1;

    private static final int SLICES = 10;

    private final long least;
    private final long sliceNanos;
    private final long[] past = new long[SLICES];
    private int index;
    private int slicesRun;
    private long inSlice;
    private long ranInSlice;
    private long runningSince;
    private boolean running;

    SpeedWindow(MinimumSpeed speed) {
        this.least = speed.bytes();
        // Rounded up, or a window would end before its time.
        this.sliceNanos = (speed.over().toNanos() + SLICES - 1) / SLICES;
    }

    long sliceNanos() {
        return sliceNanos;
    }

    void start(long now) {
        if (!running) {
            running = true;
            runningSince = now;
        }
    }

    void stop(long now) {
        if (running) {
            runOn(now);
            running = false;
        }
    }

    void add(long bytes) {
        inSlice += bytes;
    }

    /** Nanoseconds until it is to be looked at again, or {@link #TOO_SLOW}. */
    long look(long now) {
        if (running) {
            runOn(now);
        }
        return slicesRun == SLICES && bytes() < least ? TOO_SLOW : sliceNanos - ranInSlice;
    }

    /** Bytes in the last whole window; what came after its end counts as well, as it did come. */
    long bytes() {
        long sum = inSlice;
        for (long slice : past) {
            sum += slice;
        }
        return sum;
    }

    private void runOn(long now) {
        ranInSlice += now - runningSince;
        runningSince = now;
        for (int turns = 0; ranInSlice >= sliceNanos && turns < SLICES; turns++) {
            ranInSlice -= sliceNanos;
            past[index] = inSlice;
            inSlice = 0;
            index = (index + 1) % SLICES;
            slicesRun = Math.min(SLICES, slicesRun + 1);
        }
        ranInSlice %= sliceNanos;
    }
}
