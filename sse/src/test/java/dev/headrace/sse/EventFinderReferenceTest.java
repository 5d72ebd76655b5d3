package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random streams against the standard's algorithm, written down plainly for a stream that is whole (WHATWG HTML §9.2.6). */
class EventFinderReferenceTest {

    private static final int STREAMS = Boolean.getBoolean("headrace.soak") ? 500_000 : 20_000;

    private static final String[] PIECES = {
        "data",
        "data:",
        "data: ",
        "id",
        "id:",
        "id: ",
        "event",
        "event: ",
        "retry: ",
        ":",
        ": ",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        "x",
        "7",
        " ",
        "\0",
        "\u00e9",
        "\u4e2d",
        "\u2028",
        "\ufeff",
        "dat",
        "data\n\n",
        "unknown: 1"
    };

    @Test
    void findsWhatTheStandardSays() {
        Random random = new Random(5);
        for (int i = 0; i < STREAMS; i++) {
            String text = text(random);
            Parsing parsing = new Parsing();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + random.nextInt(6));
                parsing.feed(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
            Reference reference = new Reference(text);

            assertThat(parsing.events).as(() -> "of " + escaped(text)).isEqualTo(reference.events);
            assertThat(parsing.resumePoint.lastEventId())
                    .as(() -> "of " + escaped(text))
                    .isEqualTo(reference.lastEventId);
            assertThat(parsing.resumePoint.retry().toMillis()).isEqualTo(reference.retry);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(30);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }

    private static final class Reference {

        private final List<SseEvent> events = new ArrayList<>();
        private String lastEventId = "";
        private String idBuffer = "";
        private String name = "";
        private String data = "";
        private long retry;

        Reference(String text) {
            String stream = text.startsWith("\ufeff") ? text.substring(1) : text;
            // What stands behind the last end of a line is no line.
            String lines = stream.replace("\r\n", "\n").replace('\r', '\n');
            for (int from = 0, to = lines.indexOf('\n'); to >= 0; from = to + 1, to = lines.indexOf('\n', from)) {
                read(lines.substring(from, to));
            }
        }

        private void read(String line) {
            if (line.isEmpty()) {
                dispatch();
                return;
            }
            int colon = line.indexOf(':');
            if (colon == 0) {
                return;
            }
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> data += value + "\n";
                case "event" -> name = value;
                case "id" -> idBuffer = value.indexOf(0) >= 0 ? idBuffer : value;
                case "retry" ->
                    retry = value.matches("[0-9]{1,9}") ? Math.min(Long.parseLong(value), 86_400_000) : retry;
                default -> {}
            }
        }

        private void dispatch() {
            lastEventId = idBuffer;
            if (!data.isEmpty()) {
                String type = name.isEmpty() ? SseEvent.MESSAGE : name;
                events.add(new SseEvent(lastEventId, type, data.substring(0, data.length() - 1)));
            }
            name = "";
            data = "";
        }
    }
}
