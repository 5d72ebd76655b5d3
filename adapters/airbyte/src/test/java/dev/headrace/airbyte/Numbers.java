package dev.headrace.airbyte;

import dev.headrace.connector.Connector;
import dev.headrace.stream.Source;
import java.util.List;

/** A source of streams that send nothing. */
final class Numbers {

    private Numbers() {}

    static Source.Builder builder(NumberStream... streams) {
        return Source.builder("numbers")
                .connector(config -> Connector.builder("http://localhost:1").build())
                .streams(config -> List.of(streams));
    }

    static AirbyteSource source(NumberStream... streams) {
        return AirbyteSource.of(builder(streams).build());
    }
}
