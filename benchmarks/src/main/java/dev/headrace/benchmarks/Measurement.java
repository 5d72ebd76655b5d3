package dev.headrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What items cost a process.
 *
 * @param cpuMicros CPU time of the whole process for one item, compiler and collector included, in microseconds
 * @param allocatedBytes bytes allocated on the heap for one item, by all threads that lived from beginning to end
 * @param wallMicros time on the clock for one item, in microseconds
 * @param residentMebibytes most memory the process ever had, in MiB; NaN where the system does not tell
 */
record Measurement(double cpuMicros, double allocatedBytes, double wallMicros, double residentMebibytes) {

    /** Of one of whom nothing is known. */
    static final Measurement NOTHING = new Measurement(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Does something and says how many items it had. */
    @FunctionalInterface
    interface Work {
        long run() throws Exception;
    }

    /** Runs something and divides what it cost by the items that it had. */
    static Measurement of(Work work) throws Exception {
        Begin begin = Begin.now();
        return begin.until(work.run());
    }

    /** Runs something that has so many items, and divides what it cost. */
    static Measurement of(long items, Runnable work) {
        Begin begin = Begin.now();
        work.run();
        return begin.until(items);
    }

    private record Begin(long cpu, long bytes, long time) {

        static Begin now() {
            return new Begin(cpuNanos(), Measurement.allocated(), System.nanoTime());
        }

        Measurement until(long items) {
            long end = System.nanoTime();
            return new Measurement(
                    (cpuNanos() - cpu) / 1e3 / items,
                    (double) (Measurement.allocated() - bytes) / items,
                    (end - time) / 1e3 / items,
                    ProcessStatus.peak());
        }
    }

    String toLine() {
        return cpuMicros + " " + allocatedBytes + " " + wallMicros + " " + residentMebibytes;
    }

    static Measurement fromLine(String line) {
        double[] figures = Arrays.stream(line.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Measurement(figures[0], figures[1], figures[2], figures[3]);
    }

    /** CPU time of this process, user and system, all threads, since it began. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
