package dev.headrace.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes blocks of events whose data has any length. */
final class EventText {

    private static final String NAME = "text";
    private static final int FIRST_ID = 10_000_000;

    private EventText() {}

    /**
     * A block of events with one line of letters each; every event has an id of its own within the block.
     *
     * @param dataBytes length of the data, at least 3
     * @param count how many
     */
    static EventBlock block(int dataBytes, int count) {
        Random random = new Random(42);
        List<byte[]> events = new ArrayList<>(count);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            byte[] letters = new byte[dataBytes];
            for (int at = 0; at < dataBytes; at++) {
                letters[at] = (byte) ('a' + random.nextInt(26));
            }
            String data = new String(letters, StandardCharsets.US_ASCII);
            String id = Integer.toString(FIRST_ID + i);
            events.add(("id: " + id + "\nevent: " + NAME + "\ndata: " + data + "\n\n")
                    .getBytes(StandardCharsets.US_ASCII));
            sum += EventChecksum.of(id, NAME, data);
        }
        return new EventBlock(List.copyOf(events), 4, sum, 0);
    }

    /** What must be seen of a block that is sent so often. */
    static Tally expected(EventBlock block, int times) {
        return new Tally((long) times * block.events().size(), times * block.textSum());
    }
}
