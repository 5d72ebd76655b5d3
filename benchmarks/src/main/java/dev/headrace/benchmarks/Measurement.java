package dev.headrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What calls cost a process.
 *
 * @param cpuMicros CPU time of the whole process for one call, in microseconds
 * @param allocatedBytes bytes allocated for one call, by all threads that lived from beginning to end
 */
record Measurement(double cpuMicros, double allocatedBytes) {

    /** Runs something and divides what it cost. */
    static Measurement of(int calls, Runnable work) {
        long cpu = cpuNanos();
        long bytes = allocated();
        work.run();
        return new Measurement((cpuNanos() - cpu) / 1e3 / calls, (double) (allocated() - bytes) / calls);
    }

    private static long cpuNanos() {
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
