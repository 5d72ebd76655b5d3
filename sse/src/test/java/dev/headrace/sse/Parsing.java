package dev.headrace.sse;

import dev.headrace.decode.ByteWindow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A parser and its window, fed chunk by chunk. */
final class Parsing {

    final ResumePoint resumePoint;
    final EventParser<SseEvent> parser;
    final EventCounters counters = EventCounters.create();
    final ByteWindow window = new ByteWindow();
    final List<SseEvent> events = new ArrayList<>();

    Parsing(String lastEventId, EventLimits limits) {
        resumePoint = new ResumePoint(lastEventId);
        parser = new EventParser<>(new EventFinder(resumePoint, limits, false, null, counters), EventShape.events());
    }

    Parsing(String lastEventId, int limit) {
        this(lastEventId, EventLimits.defaults().event(limit));
    }

    Parsing() {
        this("", Integer.MAX_VALUE);
    }

    /** Feeds a chunk and takes every event there is. */
    Parsing feed(byte[] chunk) {
        window.append(ByteBuffer.wrap(chunk));
        for (SseEvent event = parser.next(window); event != null; event = parser.next(window)) {
            events.add(event);
        }
        return this;
    }

    Parsing feed(String chunk) {
        return feed(chunk.getBytes(StandardCharsets.UTF_8));
    }

    Parsing feedAll(List<byte[]> chunks) {
        chunks.forEach(this::feed);
        return this;
    }
}
