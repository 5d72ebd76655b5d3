package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process had to say when it ended by itself.
 *
 * @param status 0 if it thinks it succeeded
 * @param lines of its standard output; standard error goes where this process's goes
 */
record ChildProcess(int status, List<String> lines) {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Runs it. It does not outlive this process, nor do those that it started. */
    static ChildProcess run(List<String> command, Duration limit) throws Turn.FailedException, InterruptedException {
        try {
            // A file takes whatever it says; a pipe is full at some point, and then it would wait for a listener.
            Path said = Files.createTempFile("said", ".txt");
            try {
                return run(command, limit, said);
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChildProcess run(List<String> command, Duration limit, Path said)
            throws IOException, Turn.FailedException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(said.toFile())
                .start();
        Thread end = new Thread(() -> kill(process));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new Turn.FailedException("no end in " + limit.toSeconds() + " s");
            }
            // Not readAllLines, which refuses what is no UTF-8.
            return new ChildProcess(
                    process.exitValue(),
                    new String(Files.readAllBytes(said), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        } finally {
            kill(process);
            forget(end);
        }
    }

    String lastLine() {
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook is at work.
        }
    }
}
