package dev.headrace.examples;

import java.io.PrintStream;
import java.util.Locale;

/** What a program tells about itself: headings, and below each one lines with the seconds since. Lines may come from any thread. */
final class Transcript {

    private final PrintStream out;
    private final long start = System.nanoTime();
    private volatile long stepStart = start;

    Transcript(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        out.println(text);
    }

    void step(String heading) {
        stepStart = System.nanoTime();
        out.println();
        out.println(heading);
    }

    void line(String text) {
        out.printf(Locale.ROOT, "  %4.1f s  %s%n", secondsSince(stepStart), text);
    }

    void summary(Iterable<String> lines) {
        out.println();
        out.printf(Locale.ROOT, "Done in %.1f s%n", secondsSince(start));
        lines.forEach(line -> out.println("  " + line));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
