package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a race: once without measuring, when each file is compared with the one served byte by byte, then in rounds in which the
 * contestants take turns, so that whatever drifts hits all alike; in the end a table and the verdicts.
 */
final class DownloadComparison {

    private static final String MISSING = "-";

    private final DownloadRace race;
    private final List<DownloadContestant> contestants;
    private final Path directory;
    private final int rounds;
    private final Duration limit;
    private final DownloadResults results = new DownloadResults();
    private final Map<String, String> failures = new LinkedHashMap<>();

    /**
     * A comparison of those whose names contain a pattern.
     *
     * @param directory to download to; everything in it is deleted
     */
    DownloadComparison(DownloadRace race, Path directory, int rounds, Duration limit, Pattern only) {
        this.race = race;
        this.directory = directory;
        this.rounds = rounds;
        this.limit = limit;
        this.contestants = race.contestants().stream()
                .filter(contestant ->
                        only.matcher(contestant.name().toLowerCase(Locale.ROOT)).find())
                .toList();
    }

    /** Whether everybody did it right. Figures have no say in that. */
    boolean run() throws InterruptedException {
        double before = load();
        each(contestant -> {
            Path file = emptied().resolve("download.bin");
            contestant.load(race, file, limit);
            check(file);
        });
        for (int round = 0; round < rounds; round++) {
            each(contestant -> results.add(
                    contestant.name(), contestant.measure(race, emptied().resolve("download.bin"), limit)));
        }
        emptied();
        print(before);
        return failures.isEmpty();
    }

    @FunctionalInterface
    private interface Step {
        void take(DownloadContestant contestant) throws Turn.FailedException, InterruptedException;
    }

    private void each(Step step) throws InterruptedException {
        for (DownloadContestant contestant : contestants) {
            if (failures.containsKey(contestant.name())) {
                continue;
            }
            try {
                step.take(contestant);
            } catch (Turn.FailedException e) {
                failures.put(contestant.name(), e.getMessage());
                results.remove(contestant.name());
            }
        }
    }

    private void check(Path file) throws Turn.FailedException {
        try {
            long mismatch = Files.mismatch(race.served(), file);
            if (mismatch >= 0) {
                throw new Turn.FailedException("it differs from what was served at byte " + mismatch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path emptied() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(double before) {
        System.out.printf(
                Locale.ROOT,
                "%n%s, %d bytes, Java %s, %d processors, load %.1f before and %.1f after; %d rounds, the first + %d + %d downloads in"
                        + " each%n%n",
                race.title(),
                race.bytes(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                before,
                load(),
                rounds,
                race.warmups(),
                race.passes());
        String first = results.contestants().stream().findFirst().orElse("");
        System.out.printf(
                "| contestant | MB/s | from - to | x %1$s | x %2$s | CPU s/GiB | x %1$s | peak RSS MiB | first MB/s | MB/s to the"
                        + " device |%n",
                first, Downloads.SOCKET);
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (String name : results.contestants()) {
            System.out.println("| "
                    + String.join(
                            " | ",
                            name,
                            number("%.0f", results.median(name, DownloadFigures::written)),
                            number("%.0f", results.smallest(name, DownloadFigures::written)) + " - "
                                    + number("%.0f", results.largest(name, DownloadFigures::written)),
                            number("%.2f", results.ratio(name, first, DownloadFigures::written)),
                            number("%.2f", results.ratio(name, Downloads.SOCKET, DownloadFigures::written)),
                            number("%.2f", results.median(name, DownloadFigures::cpu)),
                            number("%.2f", results.ratio(name, first, DownloadFigures::cpu)),
                            number("%.0f", results.median(name, DownloadFigures::resident)),
                            number("%.0f", results.median(name, DownloadFigures::first)),
                            number("%.0f", results.median(name, DownloadFigures::forced)))
                    + " |");
        }
        failures.forEach((name, reason) -> System.out.println("| " + name + " | failed: " + reason + " |"));
        System.out.println();
        race.targets().forEach(target -> System.out.println("- " + target.verdict(results)));
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? MISSING : String.format(Locale.ROOT, format, value);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
