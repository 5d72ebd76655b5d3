package dev.headrace.benchmarks;

import dev.headrace.sse.SseEvent;

/**
 * What is seen of an event that was read as text. Samples only: to look at every character would cost more than to read some. Not a part of
 * {@link EventBlock}, so that who measures memory and only reads need not make its blocks.
 */
final class EventChecksum {

    private EventChecksum() {}

    static long of(SseEvent event) {
        return of(event.id(), event.event(), event.data());
    }

    static long of(String id, String name, String data) {
        int length = data.length();
        return (long) id.charAt(id.length() - 1)
                + name.length()
                + length
                + data.charAt(length / 2)
                + data.charAt(length - 3);
    }
}
