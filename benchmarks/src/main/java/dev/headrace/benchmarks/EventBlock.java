package dev.headrace.benchmarks;

import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Events of one size, made once and sent over and over; each has an id of its own within the block.
 *
 * @param events what is sent, each with its id, its name, its lines of data and a blank line
 * @param lines lines of each event on the wire
 * @param textSum what {@link EventChecksum} gives for all of them
 * @param recordSum what the records in their data give, for events that have such
 */
record EventBlock(List<byte[]> events, int lines, long textSum, long recordSum) {

    static final EventBlock SMALL = small(10_000);
    static final EventBlock LARGE = large(100);

    private static final int DATA_LINES = 80;

    /** How often the block is sent in a pass; always whole, and once at least. */
    int times(Knobs knobs) {
        return Math.max(1, knobs.items() / events.size());
    }

    Tally expectedTexts(Knobs knobs) {
        return new Tally((long) times(knobs) * events.size(), times(knobs) * textSum);
    }

    Tally expectedRecords(Knobs knobs) {
        return new Tally((long) times(knobs) * events.size(), times(knobs) * recordSum);
    }

    /** The block in pieces of a length; the last is shorter. */
    List<byte[]> pieces(int length) {
        int total = events.stream().mapToInt(event -> event.length).sum();
        byte[] all = new byte[total];
        int end = 0;
        for (byte[] event : events) {
            System.arraycopy(event, 0, all, end, event.length);
            end += event.length;
        }
        return IntStream.iterate(0, from -> from < total, from -> from + length)
                .mapToObj(from -> Arrays.copyOfRange(all, from, Math.min(from + length, total)))
                .toList();
    }

    /** Ticks in about 60 bytes of JSON. */
    private static EventBlock small(int count) {
        Random random = new Random(42);
        List<Source> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Tick tick = new Tick(
                    "HR" + (char) ('A' + random.nextInt(26)),
                    random.nextInt(10_000, 99_999) / 100.0,
                    random.nextInt(1, 1_000),
                    1_795_000_000_000L + i);
            String data = new String(Json.write(tick), StandardCharsets.UTF_8);
            events.add(new Source(Integer.toString(10_000_000 + i), "tick", data, tick.checksum()));
        }
        return of(events, 1);
    }

    /** About 8 KB of text in 80 lines. */
    private static EventBlock large(int count) {
        Random random = new Random(42);
        List<Source> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String data = IntStream.range(0, DATA_LINES)
                    .mapToObj(
                            line -> line + " " + "penstock turbine sluice weir ".repeat(3) + random.nextInt(1_000_000))
                    .collect(Collectors.joining("\n"));
            events.add(new Source(Integer.toString(10_000_000 + i), "report", data, 0));
        }
        return of(events, DATA_LINES);
    }

    /**
     * An event to be sent.
     *
     * @param recordSum what the record in its data gives; 0 if there is none
     */
    record Source(String id, String name, String data, long recordSum) {}

    /** Of events with so many lines of data each. */
    static EventBlock of(List<Source> events, int dataLines) {
        return new EventBlock(
                events.stream()
                        .map(event -> bytes(event.id, event.name, event.data))
                        .toList(),
                // An id, a name, and the blank line.
                dataLines + 3,
                events.stream()
                        .mapToLong(event -> EventChecksum.of(event.id, event.name, event.data))
                        .sum(),
                events.stream().mapToLong(Source::recordSum).sum());
    }

    private static byte[] bytes(String id, String name, String data) {
        return ("id: " + id + "\nevent: " + name + "\ndata: " + data.replace("\n", "\ndata: ") + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
