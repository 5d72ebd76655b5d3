package dev.headrace.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What a contestant's turn gave, or the medians of several. NaN is what cannot be said.
 *
 * @param first MB/s (1,000,000 bytes a second) of the process's first download, until all is written
 * @param written MB/s of the warm downloads, until all is written
 * @param forced MB/s of the same, until all is on the device as well
 * @param cpu seconds of CPU for each GiB of the warm downloads, user and system, until all is written; Java's compiler and collector
 *     included
 * @param resident most memory the process ever had, in MiB
 */
record DownloadFigures(double first, double written, double forced, double cpu, double resident) {

    private static final double MEGABYTE = 1e6;
    private static final double GIBIBYTE = 1 << 30;

    /** One download's figures come from it alone, those of the warm ones from all of them together. */
    static DownloadFigures of(DownloadCost first, List<DownloadCost> warm, double resident) {
        DownloadCost all = warm.stream().reduce(DownloadCost.NOTHING, DownloadCost::plus);
        return new DownloadFigures(
                first.bytes() / MEGABYTE / first.writtenSeconds(),
                all.bytes() / MEGABYTE / all.writtenSeconds(),
                all.bytes() / MEGABYTE / all.forcedSeconds(),
                all.cpuSeconds() / (all.bytes() / GIBIBYTE),
                resident);
    }

    String toLine() {
        return first + " " + written + " " + forced + " " + cpu + " " + resident;
    }

    static DownloadFigures fromLine(String line) {
        double[] figures = Arrays.stream(line.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new DownloadFigures(figures[0], figures[1], figures[2], figures[3], figures[4]);
    }
}
