package dev.headrace.benchmarks;

import java.nio.file.Path;
import java.time.Duration;

/** One who takes part in {@link Downloads}, in a process of its own for each turn. */
interface DownloadContestant {

    /** What it is called in the table. */
    String name();

    /** Loads the file once and leaves it there. */
    void load(DownloadRace race, Path file, Duration limit) throws Turn.FailedException, InterruptedException;

    /** Takes a turn and leaves nothing behind. */
    DownloadFigures measure(DownloadRace race, Path file, Duration limit)
            throws Turn.FailedException, InterruptedException;
}
