package dev.headrace.benchmarks;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.TransferProgress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import reactor.netty.DisposableServer;

/**
 * What the journal of a download costs by the number of segments in it: a file is loaded to a half, cut off, and gone on with. A journal's
 * entries are its segments, and there are 32 of them at most.
 */
final class Journals extends GrowthSuite {

    private static final String JOURNAL = "journal bytes";
    private static final String ANSWERED = "ms until it is answered";
    private static final String CPU = "CPU ms to go on";
    private static final String WALL = "wall ms to go on";
    private static final String PEAK = "peak RSS MiB";

    private static final int MIB = 1024 * 1024;
    private static final long MOST = 32;
    private static final int BUFFER = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "growth-journal";
    }

    @Override
    public String title() {
        return "What the journal of a download costs by its segments";
    }

    @Override
    String what() {
        return "segments";
    }

    @Override
    List<Long> values(boolean quick) {
        return quick ? List.of(1L, 4L) : List.of(1L, 2L, 4L, 8L, 16L, MOST);
    }

    @Override
    List<String> columns() {
        return List.of(JOURNAL, ANSWERED, CPU, WALL, PEAK);
    }

    @Override
    String heap() {
        return "256m";
    }

    @Override
    String setting(GrowthKnobs knobs) {
        return "a file of " + length(knobs) / MIB + " MiB, cut off when half of it is there and gone on with, "
                + times(knobs) + " + " + times(knobs) + " times; each is compared with what was served";
    }

    @Override
    List<Cost> costs() {
        return List.of(
                Cost.whole("Size of the journal", JOURNAL),
                Cost.whole("Time until the request to go on is answered", ANSWERED),
                Cost.whole("CPU to go on", CPU));
    }

    @Override
    List<Goal> otherGoals() {
        return List.of(new Goal(
                "bytes of the journal: 32 segments / 1", true, result -> ratioToLargest(result, JOURNAL, 1), 1));
    }

    @Override
    List<String> remarks(SuiteResult result) {
        return List.of(
                "A journal is two slots of a fixed size, written in turn, so a checkpoint always writes one slot: it is bounded by"
                        + " design, and so is the number of segments (32). Neither grows with the length of the file.");
    }

    @Override
    Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("to go on with a download, ms", List.of(ANSWERED, CPU, WALL));
        panels.put("the journal, bytes", List.of(JOURNAL));
        return panels;
    }

    private static long length(GrowthKnobs knobs) {
        return (knobs.quick() ? 16L : 128L) * MIB;
    }

    private static int times(GrowthKnobs knobs) {
        return knobs.quick() ? 1 : 5;
    }

    @Override
    DisposableServer serve(long value, GrowthKnobs knobs) {
        return RangeServer.start();
    }

    @Override
    GrowthPoint measure(long value, String url, Tally expected, GrowthKnobs knobs) throws Exception {
        Path directory = Files.createTempDirectory(Files.createDirectories(knobs.disk()), "growth-journal");
        try (Connector connector = Connector.builder(url).build()) {
            Cut cut = new Cut(connector, length(knobs), (int) value, directory.resolve("file"));
            Resumed warmUp = Resumed.NOTHING;
            Resumed measured = Resumed.NOTHING;
            for (int i = 0; i < times(knobs); i++) {
                warmUp = warmUp.plus(cut.run());
            }
            for (int i = 0; i < times(knobs); i++) {
                measured = measured.plus(cut.run());
            }
            double times = times(knobs);
            return GrowthPoint.of(
                    measured.journal() / times,
                    measured.answerNanos() / 1e6 / times,
                    measured.cpuNanos() / 1e6 / times,
                    measured.nanos() / 1e6 / times,
                    ProcessStatus.peak());
        } finally {
            try (Stream<Path> left = Files.list(directory)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    /** What it took to go on. */
    private record Resumed(long journal, long answerNanos, long cpuNanos, long nanos) {

        static final Resumed NOTHING = new Resumed(0, 0, 0, 0);

        Resumed plus(Resumed other) {
            return new Resumed(
                    journal + other.journal,
                    answerNanos + other.answerNanos,
                    cpuNanos + other.cpuNanos,
                    nanos + other.nanos);
        }
    }

    /** Loads a file in two parts. */
    private record Cut(Connector connector, long length, int segments, Path file) {

        Resumed run() throws IOException {
            // Slow enough to be cut off in the middle.
            download()
                    .rateLimit(BandwidthLimit.of(2 * length))
                    .progress()
                    .takeUntil(progress -> progress.bytesDone() >= length / 2)
                    .blockLast(PATIENCE);
            if (Files.exists(file)) {
                throw new IllegalStateException("It was complete before it was cut off");
            }
            long journal = Files.size(file.resolveSibling(file.getFileName() + ".part.hr"));

            AtomicLong answered = new AtomicLong();
            long cpu = Measurement.cpuNanos();
            long begin = System.nanoTime();
            TransferProgress end = download()
                    .listener(progress -> {
                        // It is told when the answer's head is accepted, before the first bytes of its body; those are
                        // told
                        // ten times a second only, too seldom for so short a time.
                        if (progress.phase() == TransferProgress.Phase.TRANSFERRING) {
                            answered.compareAndSet(0, System.nanoTime());
                        }
                    })
                    .progress()
                    .blockLast(PATIENCE);
            long done = System.nanoTime();
            long used = Measurement.cpuNanos() - cpu;
            if (end == null || end.resumedFrom() < length / 4) {
                throw new IllegalStateException("It did not go on, but began anew: " + end);
            }
            compare();
            Files.delete(file);
            return new Resumed(journal, answered.get() - begin, used, done - begin);
        }

        private Download download() {
            return Download.from(connector, Request.get("/files/" + length))
                    .segments(segments)
                    .to(file);
        }

        private void compare() throws IOException {
            long place = 0;
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = new byte[BUFFER];
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    for (int i = 0; i < count; i++) {
                        if (bytes[i] != RangeServer.at(place++)) {
                            throw new IllegalStateException("The file is wrong at " + (place - 1));
                        }
                    }
                }
            }
            if (place != length) {
                throw new IllegalStateException("The file has " + place + " bytes and not " + length);
            }
        }
    }
}
