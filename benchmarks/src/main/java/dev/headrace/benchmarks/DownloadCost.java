package dev.headrace.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one download cost.
 *
 * @param bytes how long the file is
 * @param writtenSeconds time on the clock until all is written
 * @param cpuSeconds CPU time of the process until then
 * @param forcedSeconds time on the clock until all is on the device
 */
record DownloadCost(long bytes, double writtenSeconds, double cpuSeconds, double forcedSeconds) {

    static final DownloadCost NOTHING = new DownloadCost(0, 0, 0, 0);

    private static final double NANOS = 1e9;

    /** Loads the file, which must have that many bytes then. */
    static DownloadCost of(Fetch fetch, Path file, long bytes) throws Exception {
        Snapshot begin = Snapshot.take();
        Watch watch = new Watch();
        fetch.to(file, watch);
        force(file);
        Snapshot end = Snapshot.take();
        Snapshot written = watch.written();
        if (Files.size(file) != bytes) {
            throw new IOException("It has " + Files.size(file) + " bytes, not " + bytes);
        }
        return new DownloadCost(
                bytes,
                (written.nanos - begin.nanos) / NANOS,
                (written.cpuNanos - begin.cpuNanos) / NANOS,
                (end.nanos - begin.nanos) / NANOS);
    }

    /**
     * Makes sure that a file is on the device. All downloads are followed by it, or what one leaves to be written would slow down the
     * next; it costs nothing where it has been done.
     */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    DownloadCost plus(DownloadCost other) {
        return new DownloadCost(
                bytes + other.bytes,
                writtenSeconds + other.writtenSeconds,
                cpuSeconds + other.cpuSeconds,
                forcedSeconds + other.forcedSeconds);
    }

    private record Snapshot(long nanos, long cpuNanos) {
        static Snapshot take() {
            return new Snapshot(System.nanoTime(), Measurement.cpuNanos());
        }
    }

    /** Told by any thread, asked by the one that waited for it. */
    private static final class Watch implements Runnable {
        private volatile Snapshot written = new Snapshot(0, 0);
        private volatile boolean told;

        @Override
        public void run() {
            written = Snapshot.take();
            told = true;
        }

        Snapshot written() {
            if (!told) {
                throw new IllegalStateException("It did not say when all was written");
            }
            return written;
        }
    }
}
