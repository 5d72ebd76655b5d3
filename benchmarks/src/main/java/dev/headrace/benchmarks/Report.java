package dev.headrace.benchmarks;

import java.util.List;

/** What large events bring: the record that every contestant makes. */
record Report(String station, long at, List<Reading> readings) {

    record Reading(int gauge, String name, double level, double flow, boolean estimated) {

        long checksum() {
            return gauge + name.length() + Math.round(level * 100) + Math.round(flow * 100) + (estimated ? 1 : 0);
        }
    }

    /** A number that comes out wrong if a value on any level was read wrong. */
    long checksum() {
        return station.length()
                + at
                + readings.stream().mapToLong(Reading::checksum).sum();
    }
}
