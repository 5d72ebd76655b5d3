package dev.headrace.benchmarks;

import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A hundred events, each with a record in about 8 KB of JSON over many lines of data. */
final class ReportBlock {

    private static final int EVENTS = 100;
    private static final int READINGS = 80;

    static final EventBlock BLOCK = block();

    private ReportBlock() {}

    private static EventBlock block() {
        Random random = new Random(42);
        List<EventBlock.Source> events = new ArrayList<>(EVENTS);
        for (int i = 0; i < EVENTS; i++) {
            Report report = report(random, i);
            events.add(
                    new EventBlock.Source(Integer.toString(10_000_000 + i), "report", text(report), report.checksum()));
        }
        // A line before the readings and one behind them.
        return EventBlock.of(events, READINGS + 2);
    }

    private static Report report(Random random, int number) {
        return new Report(
                "headrace station " + (char) ('A' + random.nextInt(26)),
                1_795_000_000_000L + number,
                IntStream.range(0, READINGS)
                        .mapToObj(gauge -> new Report.Reading(
                                gauge,
                                "penstock " + random.nextInt(10, 99) + " above the sluice",
                                random.nextInt(10_000, 99_999) / 100.0,
                                random.nextInt(10_000, 99_999) / 100.0,
                                random.nextBoolean()))
                        .toList());
    }

    /** A reading on a line. */
    private static String text(Report report) {
        return "{\"station\":\"" + report.station() + "\",\"at\":" + report.at() + ",\"readings\":[\n"
                + report.readings().stream()
                        .map(reading -> new String(Json.write(reading), StandardCharsets.UTF_8))
                        .collect(Collectors.joining(",\n"))
                + "\n]}";
    }
}
