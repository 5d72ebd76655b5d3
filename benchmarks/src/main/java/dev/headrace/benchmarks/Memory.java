package dev.headrace.benchmarks;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Memory of this process at one moment, in bytes, after the collector has run.
 *
 * @param heap what is reachable on the heap
 * @param direct buffers outside of it, Netty's and those of the JDK
 * @param resident what the system has given the process; NaN where it does not tell
 * @param threads how many live
 */
record Memory(double heap, double direct, double resident, int threads) {

    private static final double MEBIBYTE = 1 << 20;
    private static final int MOST_COLLECTIONS = 5;
    private static final double STEADY = 0.002;

    /** Objects of a class: how many there are, and their bytes. */
    record Objects(long count, long bytes) {

        Objects plus(Objects other) {
            return new Objects(count + other.count, bytes + other.bytes);
        }

        Objects less(Objects other) {
            return new Objects(count - other.count, bytes - other.bytes);
        }
    }

    static Memory now() {
        return new Memory(
                heapAfterCollection(),
                directBytes(),
                ProcessStatus.resident() * MEBIBYTE,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    /** What a collection leaves may hold references that another one clears. */
    private static double heapAfterCollection() {
        double used = Double.MAX_VALUE;
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            System.gc();
            double now =
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (now >= used * (1 - STEADY)) {
                return Math.min(now, used);
            }
            used = now;
        }
        return used;
    }

    private static double directBytes() {
        long ofJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        // Netty counts its own, which are among those of the JDK or not by how it frees them; -1 where it does not
        // count.
        return Math.max(ofJdk, PlatformDependent.usedDirectMemory());
    }

    /** What is reachable on the heap, by class: what {@code jcmd PID GC.class_histogram} says. */
    static Map<String, Objects> byClass() throws JMException {
        String text = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Objects> classes = new TreeMap<>();
        for (String line : text.lines().toList()) {
            // num: instances bytes class (module)
            List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+", -1)));
            if (words.size() >= 4 && words.get(0).matches("\\d+:")) {
                classes.merge(
                        words.get(3),
                        new Objects(Long.parseLong(words.get(1)), Long.parseLong(words.get(2))),
                        Objects::plus);
            }
        }
        return classes;
    }
}
