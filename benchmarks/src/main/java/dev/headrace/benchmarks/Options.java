package dev.headrace.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the command line asks for.
 *
 * @param task what to do
 * @param suites names with commas between; empty means all. To serve, one name
 * @param output where results go
 * @param documents the directory of {@code performance.md}; empty if it is to stay as it is
 * @param properties system properties to be set, among them the {@linkplain Knobs knobs}
 */
record Options(Task task, String suites, Path output, Optional<Path> documents, Map<String, String> properties) {

    enum Task {
        MEASURE,
        LIST,
        SERVE,
        COUNT_JOURNAL
    }

    /** Where servers' files go; the other names are knobs. */
    private static final String DISK = "disk";

    /** What may be turned for figures that are published. */
    private static final List<String> DOCUMENTED = List.of("rounds", DISK);

    /** As {@code run.sh -h} says. */
    static Options parse(String... args) {
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        Task task = Task.MEASURE;
        String suites = "";
        Path root = Path.of(System.getProperty("root", ""));
        Path output = root.resolve("benchmarks/target/results");
        boolean documented = false;
        Map<String, String> properties = new TreeMap<>();
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "-s" -> suites = value(option, rest);
                case "-q" -> properties.put("quick", "true");
                case "-r" -> properties.put("rounds", value(option, rest));
                case "-c" -> properties.put("only", value(option, rest));
                case "-d" -> documented = true;
                case "-o" -> output = Path.of(value(option, rest));
                case "-l" -> task = Task.LIST;
                case "-j" -> task = Task.COUNT_JOURNAL;
                case "-p" -> {
                    task = Task.SERVE;
                    suites = value(option, rest);
                }
                default -> property(option, properties);
            }
        }
        if (documented && !DOCUMENTED.containsAll(properties.keySet())) {
            throw new IllegalArgumentException(
                    "-d is for whole tables of figures by defaults: -q has no figures, -c no whole"
                            + " tables, and of the knobs it goes with " + String.join(" and ", DOCUMENTED) + " only");
        }
        return new Options(
                task, suites, output, documented ? Optional.of(root.resolve("docs")) : Optional.empty(), properties);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " takes a value; see -h");
        }
        return rest.remove();
    }

    private static void property(String option, Map<String, String> properties) {
        int equals = option.indexOf('=');
        String name = option.startsWith("-D") && equals > 0 ? option.substring(2, equals) : "";
        if (!Knobs.isKnob(name) && !name.equals(DISK)) {
            throw new IllegalArgumentException("No option " + option + "; see -h");
        }
        properties.put(name, option.substring(equals + 1));
    }
}
