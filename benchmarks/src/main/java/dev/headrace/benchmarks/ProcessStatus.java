package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process, in MiB; NaN where there is no such file. */
final class ProcessStatus {

    private static final Path FILE = Path.of("/proc/self/status");
    private static final double KIBIBYTES = 1024;

    private ProcessStatus() {}

    /** The memory that it has now. */
    static double resident() {
        return mebibytes("VmRSS:");
    }

    /** The most memory that it ever had. */
    static double peak() {
        return mebibytes("VmHWM:");
    }

    private static double mebibytes(String field) {
        if (!Files.exists(FILE)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(FILE).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
