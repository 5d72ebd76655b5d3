package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** The connector of one run. When the run ends, well or not, it says what was done if somebody wants to know. */
final class Remote implements AutoCloseable {

    private final Connector connector;
    private final @Nullable PrintStream statistics;
    private @Nullable EventCounters events;

    /**
     * @param connector closed at the end
     * @param statistics where they go; null if nobody asked for them
     */
    Remote(Connector connector, @Nullable PrintStream statistics) {
        this.connector = connector;
        this.statistics = statistics;
    }

    Connector connector() {
        return connector;
    }

    /** Counts events too, if somebody wants to know. */
    EventStream counting(EventStream stream) {
        if (statistics == null) {
            return stream;
        }
        EventCounters counters = EventCounters.create();
        events = counters;
        return stream.counters(counters);
    }

    @Override
    public void close() {
        if (statistics != null) {
            statistics.println(Statistics.json(connector.stats(), events == null ? null : events.snapshot()));
        }
        connector.close();
    }
}
