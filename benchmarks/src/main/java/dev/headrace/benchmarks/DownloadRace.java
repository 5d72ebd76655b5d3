package dev.headrace.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file to be downloaded side by side.
 *
 * @param source where it is served
 * @param certificate in PEM, of the server; null if it speaks without TLS
 * @param served the file itself
 * @param bytes how long it is
 * @param warmups downloads in a turn before those that count, besides the first
 * @param passes downloads that count
 */
record DownloadRace(URI source, @Nullable Path certificate, Path served, long bytes, int warmups, int passes) {}
