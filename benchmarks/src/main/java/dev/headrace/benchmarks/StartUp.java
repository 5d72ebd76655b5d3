package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import reactor.netty.DisposableServer;

/** The command at a shell's prompt, for one tiny call: what a user waits for who wants next to nothing. */
final class StartUp implements Suite {

    static final List<String> COLUMNS = List.of("wall s", "above s");

    /** The least that anybody waits for who has a command in Java. */
    static final String LEAST = "java --version";

    static final String FETCH = "headrace fetch";

    private static final String ANSWER = new String(TinyServer.BODY, StandardCharsets.US_ASCII);
    private static final double MOST_SECONDS = 0.6;
    private static final int STARTS = 7;

    @Override
    public String name() {
        return "start-up";
    }

    @Override
    public String title() {
        return "The headrace command for one tiny call, from the start of its process to the end";
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                new Goal("seconds: " + FETCH, true, result -> result.figure(FETCH, COLUMNS.get(0)), MOST_SECONDS));
    }

    @Override
    public Optional<String> obstacle() {
        return Files.exists(jar())
                ? Optional.empty()
                : Optional.of("build the command first: ./mvnw -q -pl adapters/cli -am package -DskipTests");
    }

    @Override
    public SuiteResult run() throws InterruptedException {
        boolean quick = Knobs.isQuick();
        int rounds = Knobs.number("rounds", quick ? 1 : 3);
        int starts = quick ? 1 : STARTS;
        Duration limit = Knobs.seconds("limit", 60);
        double load = Comparison.load();
        List<List<SuiteResult.Row>> tables = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        DisposableServer server = TinyServer.start();
        try {
            Map<String, List<String>> commands = commands(Comparison.url(server));
            // The first of all reads files from the disk that the others find in memory.
            for (List<String> command : commands.values()) {
                seconds(command, limit);
            }
            for (int round = 0; round < rounds; round++) {
                Map<String, Double> medians = new LinkedHashMap<>();
                for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                    double[] seconds = new double[starts];
                    for (int i = 0; i < starts; i++) {
                        seconds[i] = seconds(command.getValue(), limit);
                    }
                    medians.put(command.getKey(), SuiteResult.median(DoubleStream.of(seconds)));
                }
                tables.add(rows(medians));
            }
        } catch (Turn.FailedException e) {
            notes.add("A command failed: " + e.getMessage());
        } finally {
            server.disposeNow();
        }
        return SuiteResult.ofRounds(name(), title(), setting(rounds, starts, load), COLUMNS, tables, notes);
    }

    private static String setting(int rounds, int starts, double load) {
        try {
            return String.format(
                    Locale.ROOT,
                    "%s, load %.1f before and %.1f after; %d rounds of %d starts each, after one that does not count; %s, made %s",
                    Machine.description(),
                    load,
                    Comparison.load(),
                    rounds,
                    starts,
                    jar().getFileName(),
                    Files.getLastModifiedTime(jar()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, List<String>> commands(String url) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(LEAST, List.of(ChildProcess.JAVA, "--version"));
        commands.put(FETCH, List.of(directory().resolve("headrace").toString(), "fetch", url + Requests.PATH));
        return commands;
    }

    private static double seconds(List<String> command, Duration limit)
            throws Turn.FailedException, InterruptedException {
        long begin = System.nanoTime();
        ChildProcess child = ChildProcess.run(command, limit);
        long end = System.nanoTime();
        if (child.status() != 0) {
            throw new Turn.FailedException("exit status " + child.status());
        }
        if (command.contains("fetch") && !child.lastLine().equals(ANSWER)) {
            throw new Turn.FailedException("it read " + child.lastLine());
        }
        return (end - begin) / 1e9;
    }

    private static List<SuiteResult.Row> rows(Map<String, Double> seconds) {
        double least = seconds.getOrDefault(LEAST, Double.NaN);
        return seconds.entrySet().stream()
                .map(each -> new SuiteResult.Row(each.getKey(), List.of(each.getValue(), each.getValue() - least)))
                .toList();
    }

    private static Path jar() {
        return directory().resolve("target").resolve("headrace.jar");
    }

    private static Path directory() {
        return Path.of(System.getProperty("root", "")).resolve("adapters/cli").toAbsolutePath();
    }
}
