package dev.headrace.stream;

import java.time.Instant;

/** A span of time, never empty: it begins at its start and ends before its end. */
record Window(Instant from, Instant to) {

    Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("window must not be empty: " + from + " to " + to);
        }
    }
}
