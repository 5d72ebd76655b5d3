package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares downloads of one file: once without measuring, when each file is compared with the one served byte by byte, then in rounds in
 * which the contestants take turns, so that whatever drifts hits all alike.
 */
final class DownloadSuite implements Suite {

    static final String SPEED_TO_CURL = "x curl";
    static final String SPEED_TO_SOCKET = "x blocking socket";
    static final String CPU_TO_CURL = "CPU x curl";
    static final String RESIDENT = "peak RSS MiB";

    static final List<String> COLUMNS = List.of(
            "MB/s",
            SPEED_TO_CURL,
            SPEED_TO_SOCKET,
            "CPU s/GiB",
            CPU_TO_CURL,
            RESIDENT,
            "first MB/s",
            "MB/s to the device");
    private static final int MEBIBYTE = 1 << 20;
    private static final DownloadFigures NOTHING =
            new DownloadFigures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private final String name;
    private final String title;
    private final Size size;
    private final boolean tls;
    private final List<Downloader> downloaders;
    private final List<Goal> goals;

    /**
     * How much is downloaded.
     *
     * @param mebibytes of the file, unless {@code -Ditems} says otherwise
     * @param warmups downloads in a turn before those that count, besides the first
     * @param passes downloads that count
     */
    record Size(int mebibytes, int warmups, int passes) {

        private static final Size QUICK = new Size(16, 0, 1);

        static Size of(int mebibytes, int warmups, int passes) {
            return new Size(mebibytes, warmups, passes);
        }
    }

    DownloadSuite(String name, String title, Size size, boolean tls, List<Downloader> downloaders, List<Goal> goals) {
        this.name = name;
        this.title = title;
        this.size = size;
        this.tls = tls;
        this.downloaders = downloaders;
        this.goals = goals;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Goal> goals() {
        return goals;
    }

    @Override
    public Optional<String> obstacle() {
        // The file that is served, the one that is written, and one more for the file system to be at ease.
        return FileServer.obstacle(Downloads.directory(), 3 * knobs().items());
    }

    List<Downloader> downloaders() {
        return downloaders;
    }

    /** Items are mebibytes. */
    private Knobs knobs() {
        return Knobs.of(size().mebibytes(), "256m");
    }

    private Size size() {
        return Knobs.isQuick() ? Size.QUICK : size;
    }

    @Override
    public SuiteResult run() throws InterruptedException {
        Knobs knobs = knobs();
        double load = Comparison.load();
        Map<String, String> failures = new LinkedHashMap<>();
        List<Map<String, DownloadFigures>> rounds = new ArrayList<>();
        try (FileServer server = FileServer.start(Downloads.directory(), knobs.items())) {
            DownloadRace race = new DownloadRace(
                    tls ? server.encrypted() : server.plain(),
                    tls ? server.certificate() : null,
                    server.served(),
                    (long) knobs.items() * MEBIBYTE,
                    size().warmups(),
                    size().passes());
            Path file = server.written().resolve("download.bin");
            List<DownloadContestant> contestants = contestants(knobs);
            each(contestants, failures, contestant -> {
                empty(server.written());
                contestant.load(race, file, knobs.limit());
                check(race.served(), file);
            });
            for (int i = 0; i < knobs.rounds(); i++) {
                Map<String, DownloadFigures> round = new LinkedHashMap<>();
                each(contestants, failures, contestant -> {
                    empty(server.written());
                    round.put(contestant.name(), contestant.measure(race, file, knobs.limit()));
                });
                rounds.add(round);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rounds.forEach(round -> round.keySet().removeAll(failures.keySet()));
        return result(knobs, rounds, failures, load);
    }

    private List<DownloadContestant> contestants(Knobs knobs) {
        return Stream.concat(
                        Stream.of(new Curl()),
                        downloaders.stream().map(downloader -> new ForkedDownloads(downloader, knobs)))
                .filter(contestant -> knobs.admits(contestant.name()))
                .toList();
    }

    @FunctionalInterface
    private interface Step {
        void take(DownloadContestant contestant) throws Turn.FailedException, InterruptedException, IOException;
    }

    private static void each(List<DownloadContestant> contestants, Map<String, String> failures, Step step)
            throws InterruptedException, IOException {
        for (DownloadContestant contestant : contestants) {
            if (!failures.containsKey(contestant.name())) {
                try {
                    step.take(contestant);
                } catch (Turn.FailedException e) {
                    failures.put(contestant.name(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static void check(Path served, Path file) throws Turn.FailedException, IOException {
        long mismatch = Files.mismatch(served, file);
        if (mismatch >= 0) {
            throw new Turn.FailedException("it differs from what was served at byte " + mismatch);
        }
    }

    private static void empty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private SuiteResult result(
            Knobs knobs, List<Map<String, DownloadFigures>> rounds, Map<String, String> failures, double load) {
        String setting = String.format(
                Locale.ROOT,
                "%,d MiB from nginx, %s, load %.1f before and %.1f after; %d rounds, the first + %d + %d downloads in"
                        + " each, heap %s",
                knobs.items(),
                Machine.description(),
                load,
                Comparison.load(),
                knobs.rounds(),
                size().warmups(),
                size().passes(),
                knobs.heap());
        return SuiteResult.ofRounds(
                name,
                title,
                setting,
                COLUMNS,
                rounds.stream().map(DownloadSuite::rows).toList(),
                failures.entrySet().stream()
                        .map(failure -> failure.getKey() + " failed: " + failure.getValue())
                        .toList());
    }

    /** Ratios are of this round, which what changes from round to round does not touch. */
    static List<SuiteResult.Row> rows(Map<String, DownloadFigures> round) {
        DownloadFigures curl = round.getOrDefault(Curl.NAME, NOTHING);
        DownloadFigures socket = round.getOrDefault(Downloads.SOCKET, NOTHING);
        return round.entrySet().stream()
                .map(each -> row(each.getKey(), each.getValue(), curl, socket))
                .toList();
    }

    private static SuiteResult.Row row(
            String name, DownloadFigures figures, DownloadFigures curl, DownloadFigures socket) {
        return new SuiteResult.Row(
                name,
                List.of(
                        figures.written(),
                        figures.written() / curl.written(),
                        figures.written() / socket.written(),
                        figures.cpu(),
                        figures.cpu() / curl.cpu(),
                        figures.resident(),
                        figures.first(),
                        figures.forced()));
    }
}
