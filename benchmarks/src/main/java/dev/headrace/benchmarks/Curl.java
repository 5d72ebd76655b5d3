package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * curl, which is an operating system's idea of a download: C, one thread, blocking. The time is what curl says, so that it need not pay
 * for the start of its process; the CPU time is what its shell says, the start included.
 */
final class Curl implements DownloadContestant {

    static final String NAME = "curl";

    /** Not the {@code time} of this or that system; {@code times} is in every shell. */
    private static final String SCRIPT = "\"$@\"; status=$?; times; exit $status";

    private static final Pattern TIME = Pattern.compile("(\\d+)m(\\d+\\.\\d+)s");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(DownloadRace race, Path file, Duration limit) throws Turn.FailedException, InterruptedException {
        once(race, file, limit);
    }

    @Override
    public DownloadFigures measure(DownloadRace race, Path file, Duration limit)
            throws Turn.FailedException, InterruptedException {
        List<DownloadCost> costs = new ArrayList<>();
        for (int i = 0; i < race.passes(); i++) {
            costs.add(once(race, file, limit));
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return DownloadFigures.of(costs.get(0), costs, Double.NaN);
    }

    private static DownloadCost once(DownloadRace race, Path file, Duration limit)
            throws Turn.FailedException, InterruptedException {
        ChildProcess curl = ChildProcess.run(command(race, file), limit);
        if (curl.status() != 0) {
            throw new Turn.FailedException("exit status " + curl.status());
        }
        try {
            long before = System.nanoTime();
            DownloadCost.force(file);
            double forcing = (System.nanoTime() - before) / 1e9;
            if (Files.size(file) != race.bytes()) {
                throw new Turn.FailedException("it has " + Files.size(file) + " bytes, not " + race.bytes());
            }
            double writing = Double.parseDouble(curl.lines().get(0));
            return new DownloadCost(race.bytes(), writing, cpuSeconds(curl.lastLine()), writing + forcing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(DownloadRace race, Path file) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", "curl"));
        // Neither the user's settings nor a proxy.
        command.addAll(List.of("-q", "--noproxy", "*", "--http1.1", "-sSf"));
        if (race.certificate() != null) {
            command.addAll(List.of("--cacert", race.certificate().toString()));
        }
        command.addAll(List.of(
                "-o", file.toString(), "-w", "%{time_total}\\n", race.source().toString()));
        return command;
    }

    /** The last line of {@code times} is the user and the system time of what the shell ran (POSIX, {@code times}). */
    static double cpuSeconds(String line) {
        Matcher time = TIME.matcher(line.replace(',', '.'));
        double seconds = 0;
        int found = 0;
        while (time.find()) {
            seconds += 60 * Double.parseDouble(time.group(1)) + Double.parseDouble(time.group(2));
            found++;
        }
        if (found != 2) {
            throw new IllegalArgumentException("Not the user and system time of a shell: " + line);
        }
        return seconds;
    }
}
