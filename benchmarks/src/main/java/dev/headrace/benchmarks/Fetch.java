package dev.headrace.benchmarks;

import java.nio.file.Path;

/** Loads the file of its server once more, each time by the same client. */
@FunctionalInterface
interface Fetch {

    /**
     * Loads it.
     *
     * @param file does not exist yet
     * @param written told once, when all bytes have been handed to the operating system; what comes after it does not count as download,
     *     such as making sure that they are on the device, which only one contestant does
     */
    void to(Path file, Runnable written) throws Exception;
}
