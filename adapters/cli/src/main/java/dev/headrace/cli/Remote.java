package dev.headrace.cli;

import dev.headrace.connector.Connector;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** The connector of one run. When the run ends, well or not, it says what was done if somebody wants to know. */
final class Remote implements AutoCloseable {

    private final Connector connector;
    private final @Nullable PrintStream statistics;

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

    @Override
    public void close() {
        if (statistics != null) {
            statistics.println(Statistics.json(connector.stats()));
        }
        connector.close();
    }
}
