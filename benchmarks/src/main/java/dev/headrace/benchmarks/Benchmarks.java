package dev.headrace.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.netty.DisposableServer;

/** What {@code run.sh} starts: runs suites one after the other and says what they found. */
public final class Benchmarks {

    private final Options options;
    private final List<Results.Found> found = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    private Benchmarks(Options options) {
        this.options = options;
    }

    /**
     * Runs.
     *
     * @param args as {@code run.sh -h} says
     * @throws IOException if results cannot be written
     * @throws InterruptedException if interrupted while something is measured
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int status;
        try {
            status = run(Options.parse(args)) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("run.sh: " + e.getMessage());
            status = 2;
        }
        // The servers' threads would stay a while.
        System.exit(status);
    }

    private static boolean run(Options options) throws IOException, InterruptedException {
        options.properties().forEach(System::setProperty);
        Knobs.check();
        return switch (options.task()) {
            case LIST -> {
                list();
                yield true;
            }
            case SERVE -> {
                serve(Suites.workload(options.suites()));
                yield true;
            }
            case COUNT_JOURNAL -> JournalCount.print();
            case MEASURE -> new Benchmarks(options).measure();
        };
    }

    private static void list() {
        for (Suite suite : Suites.all()) {
            System.out.printf(Locale.ROOT, "%-22s %s%n", suite.name(), suite.title());
        }
    }

    /** The server alone, for contestants that are started by hand. */
    private static void serve(Workload workload) throws InterruptedException {
        Knobs knobs = Knobs.of(workload);
        DisposableServer server = workload.serve(knobs);
        System.out.println(
                "Each of these is a contestant's turn; its figures are CPU us, bytes and wall us for an item, and peak MiB."
                        + " Ctrl-C ends the server.");
        for (Contestant contestant : workload.contestants()) {
            if (knobs.admits(contestant.name())) {
                System.out.println("\n"
                        + Turn.command(workload, contestant.name(), Comparison.url(server), knobs).stream()
                                .map(Benchmarks::quoted)
                                .collect(Collectors.joining(" ")));
            }
        }
        if (server != null) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:=+,-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Whether everything ran. What is missed has no say in that, nor has what cannot run here. */
    private boolean measure() throws IOException, InterruptedException {
        boolean complete = true;
        List<Suite> suites = options.suites().isEmpty() ? Suites.all() : Suites.named(options.suites());
        long begin = System.nanoTime();
        for (Suite suite : suites) {
            Optional<String> obstacle = suite.obstacle();
            if (obstacle.isPresent()) {
                skipped.add(suite.name() + ": " + obstacle.get());
                continue;
            }
            System.out.printf(
                    Locale.ROOT, "%s (%d s so far)%n", suite.name(), (System.nanoTime() - begin) / 1_000_000_000);
            try {
                SuiteResult result = suite.run();
                found.add(Results.Found.of(suite, result));
                draw(suite, result);
            } catch (RuntimeException e) {
                // What the others found is worth having.
                e.printStackTrace();
                skipped.add(suite.name() + ": " + Turn.root(e));
                complete = false;
            }
            // After each, for a run takes long and may be stopped.
            write(suite);
        }
        System.out.println("\n" + report());
        System.out.printf(Locale.ROOT, "%d s; %s%n", (System.nanoTime() - begin) / 1_000_000_000, options.output());
        return complete;
    }

    private void draw(Suite suite, SuiteResult result) throws IOException {
        if (suite instanceof PlottedSuite plotted) {
            String plot = plotted.plot(result);
            write(options.output(), suite, plot);
            if (options.documents().isPresent()) {
                write(options.documents().get().resolve("performance"), suite, plot);
            }
        }
    }

    private static void write(Path directory, Suite suite, String plot) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(suite.name() + ".svg"), plot);
    }

    private String report() {
        String report = Markdown.report(results());
        if (Knobs.isQuick()) {
            report += "\nA quick run: it says that all works here, and its figures say nothing.\n";
        }
        if (!skipped.isEmpty()) {
            report += "\nSkipped:\n"
                    + skipped.stream().map(line -> "- " + line + "\n").collect(Collectors.joining());
        }
        return report;
    }

    private Results results() {
        return new Results(
                Machine.java(),
                Machine.processors(),
                Machine.processor(),
                Machine.system(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Objects.requireNonNullElse(System.getProperty("commit"), "unknown"),
                List.copyOf(found));
    }

    private void write(Suite suite) throws IOException {
        Files.createDirectories(options.output());
        Results results = results();
        Files.writeString(options.output().resolve("results.json"), ResultsFile.write(results));
        Files.writeString(options.output().resolve("results.md"), report());
        if (options.documents().isPresent()) {
            document(options.documents().get(), suite, results);
        }
    }

    private void document(Path documents, Suite suite, Results results) throws IOException {
        Path file = documents.resolve("performance.md");
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Optional<Results.Found> latest = found.stream()
                .filter(each -> each.result().suite().equals(suite.name()))
                .findFirst();
        if (latest.isPresent()) {
            String picture = suite instanceof PlottedSuite
                    ? "![" + suite.title() + "](performance/" + suite.name() + ".svg)\n\n"
                    : "";
            String content =
                    picture + Markdown.part(latest.get()) + "\n" + results.date() + ", " + results.commit() + ".";
            Optional<String> replaced = MarkedText.replace(text, suite.name(), content);
            if (replaced.isPresent()) {
                Files.writeString(file, replaced.get());
            } else {
                skipped.add(suite.name() + ": " + file + " has no place for it");
            }
        }
    }
}
