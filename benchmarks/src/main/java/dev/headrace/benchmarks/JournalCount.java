package dev.headrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a download's journal costs cannot be measured from outside, for nothing switches it off. So this counts the system calls of one
 * download with strace instead: the body goes out by {@code writev}, a checkpoint of the journal by {@code pwrite64}, so their numbers say
 * how rare checkpoints are. Nothing is timed, for strace slows everything.
 */
final class JournalCount {

    private static final int MEBIBYTES = 2048;

    private JournalCount() {}

    /** Prints the counts; false if it cannot be done here. */
    static boolean print() throws IOException, InterruptedException {
        Knobs knobs = Knobs.of(Knobs.isQuick() ? 64 : MEBIBYTES, "256m");
        Optional<String> obstacle = FileServer.tool("strace").isEmpty()
                ? Optional.of("install first: strace")
                : FileServer.obstacle(Downloads.directory(), 3 * knobs.items());
        if (obstacle.isPresent()) {
            System.err.println("run.sh -j: " + obstacle.get());
            return false;
        }
        try (FileServer server = FileServer.start(Downloads.directory(), knobs.items())) {
            Path calls = server.written().resolve("calls");
            DownloadRace race =
                    new DownloadRace(server.plain(), null, server.served(), (long) knobs.items() << 20, 0, 0);
            List<String> command = new ArrayList<>(
                    List.of("strace", "-f", "-c", "-o", calls.toString(), "-e", "trace=writev,pwrite64,fsync"));
            command.addAll(ForkedDownloads.command(
                    Downloads.OURS, knobs, race, server.written().resolve("download.bin"), 0, 0));
            JavaChild.figures(ChildProcess.run(command, knobs.limit()));
            System.out.printf(
                    "One download of %,d MiB: writev writes the file, pwrite64 its journal, fsync forces the file and its directory%n%s",
                    knobs.items(), Files.readString(calls));
            return true;
        } catch (Turn.FailedException e) {
            System.err.println("run.sh -j: " + e.getMessage());
            return false;
        }
    }
}
