package dev.headrace.airbyte;

import dev.headrace.stream.Source;
import java.util.Objects;

/** A {@link Source} that speaks the Airbyte protocol. Immutable. */
public final class AirbyteSource {

    private final Source source;

    private AirbyteSource(Source source) {
        this.source = source;
    }

    /**
     * A source as Airbyte sees it.
     *
     * @param source what is read
     * @return the source
     */
    public static AirbyteSource of(Source source) {
        return new AirbyteSource(Objects.requireNonNull(source, "source"));
    }

    @Override
    public String toString() {
        return "AirbyteSource[" + source + "]";
    }
}
