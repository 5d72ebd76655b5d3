package dev.headrace.benchmarks;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java contestant's turn, both sides of it: the comparison that starts a process and listens, and that process, which downloads some
 * times and says the figures in its last line.
 */
final class ForkedDownloads implements DownloadContestant {

    private static final String NONE = "-";

    private final Downloader downloader;
    private final Knobs knobs;

    ForkedDownloads(Downloader downloader, Knobs knobs) {
        this.downloader = downloader;
        this.knobs = knobs;
    }

    @Override
    public String name() {
        return downloader.name();
    }

    @Override
    public void load(DownloadRace race, Path file, Duration limit) throws Turn.FailedException, InterruptedException {
        fork(race, file, 0, 0, limit);
    }

    @Override
    public DownloadFigures measure(DownloadRace race, Path file, Duration limit)
            throws Turn.FailedException, InterruptedException {
        return DownloadFigures.fromLine(fork(race, file, race.warmups(), race.passes(), limit));
    }

    private String fork(DownloadRace race, Path file, int warmups, int passes, Duration limit)
            throws Turn.FailedException, InterruptedException {
        List<String> command = command(downloader, knobs, race, file, warmups, passes);
        return JavaChild.figures(ChildProcess.run(command, limit));
    }

    /** What starts the process of a contestant. */
    static List<String> command(
            Downloader downloader, Knobs knobs, DownloadRace race, Path file, int warmups, int passes) {
        return JavaChild.command(
                Stream.concat(downloader.flags().stream(), knobs.flags().stream())
                        .toList(),
                knobs.heap(),
                Downloads.class,
                downloader.name(),
                race.source().toString(),
                Objects.toString(race.certificate(), NONE),
                file.toString(),
                Long.toString(race.bytes()),
                Integer.toString(warmups),
                Integer.toString(passes));
    }

    /** In the contestant's process: downloads, reports and ends the process. */
    static void run(List<Downloader> downloaders, String[] args) {
        JavaChild.run(() -> {
            Downloader self = downloaders.stream()
                    .filter(downloader -> downloader.name().equals(args[0]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No contestant " + args[0]));
            @Nullable Path certificate = args[2].equals(NONE) ? null : Path.of(args[2]);
            Fetch fetch = self.preparation().prepare(URI.create(args[1]), certificate);
            return measure(
                    fetch,
                    Path.of(args[3]),
                    Long.parseLong(args[4]),
                    Integer.parseInt(args[5]),
                    Integer.parseInt(args[6]));
        });
    }

    /** Without passes, the file of the first download stays, to be compared. */
    private static String measure(Fetch fetch, Path file, long bytes, int warmups, int passes) throws Exception {
        DownloadCost first = DownloadCost.of(fetch, file, bytes);
        List<DownloadCost> costs = new ArrayList<>();
        for (int i = 0; i < warmups + passes; i++) {
            Files.delete(file);
            DownloadCost cost = DownloadCost.of(fetch, file, bytes);
            if (i >= warmups) {
                costs.add(cost);
            }
        }
        if (passes > 0) {
            Files.delete(file);
        }
        return DownloadFigures.of(first, costs, ProcessStatus.peak()).toLine();
    }
}
