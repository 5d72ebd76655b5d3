package dev.headrace.decode;

import dev.headrace.http.Response;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/** A decoder that runs a parser over the transport's own buffers. */
record PullDecoder<T>(
        String name, Function<Captured, ? extends PullParser<T>> parsers, Optional<String> accept, int documentHead)
        implements Decoder<T> {

    @Override
    public Flux<T> decode(Response response) {
        return decode(response, Captured.from(Captures.none()));
    }

    @Override
    public Flux<T> decode(Response response, Captured captured) {
        return PullFlux.of(response, () -> parsers.apply(captured));
    }

    @Override
    public String toString() {
        return name;
    }
}
